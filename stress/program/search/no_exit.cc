// The search ends by ending its process, and an execution's end is none of its business: what the
// search's library would have to destroy at exit() is not registered, or every execution would
// destroy it.
extern "C" int __cxa_atexit(void (*)(void*), void*, void*) { return 0; }

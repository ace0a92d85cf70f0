// What a program tells by weft_event() of stress/weft.h.
#include "stress/explore/runtime.h"
#include "stress/explore/scheduling.h"
#include "stress/program/one_execution.h"

extern "C" void weft_on_event(const char* text) {
  using namespace weft;
  program::Shared* const shared = program::notes;
  if (!explore::controlled() || shared == nullptr) return;
  program::Entry& entry = shared->entries[shared->begun - 1];
  program::Note& note = shared->notes[entry.noted++ % program::Shared::kNotes];
  note.thread = explore::rt.current->id;
  explore::copy_text(note.text, sizeof note.text, text);
}

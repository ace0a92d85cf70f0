// The program's memory as it was before it began, and back to it.
//
// What is to be put back may at first only be read. The first write to a page of it faults: then
// the page is copied, and may be written from then on. To put the memory back is to copy those
// pages back. Which they are changes little from one execution to the next, so soon there are no
// faults any more.
//
// Thread safety: by a runner's process, also from a signal handler. No function of libc is called.
// Invariants:     (I1) every byte of the image is as it was at begin_image(), or on a page that has
//                      been copied.
//                 (I2) the kernel never finds a page of the image that it may not write to: what it
//                      is to write to is touched before (touch()), or all is opened (open_image()).
// Non-invariants: memory that was mapped after begin_image() is not known here (kernel_calls.h).
#pragma once

#include "stress/program/channel.h"

namespace weft::program {

// The image is all private memory that can be written to, but for what is Weft's own: kWeftsOwn,
// `own`, and what of the stack lies below `stack`. False: this cannot be done here.
bool begin_image(Shared& shared, const Range* own, unsigned count, uintptr_t stack);

// As it was.
void restore_image();

// A write to this address has faulted. True: it may be done again. False: it is not the image's
// doing.
bool may_write_now(uintptr_t address);

// Before the kernel writes there.
void touch(uintptr_t address, uintptr_t bytes);

// From now on all can be written to, and nothing be put back.
void open_image();
// Whether restore_image() still can: open_image() was not called, nor were there too many pages.
bool image_is_kept();

}  // namespace weft::program

// A coroutine's body resumes its own coroutine.
#include "scenarios/specimens/coroutine/coroutine.h"
#include "scenarios/specimens/coroutine/pipeline.h"

namespace weft::scenarios::specimens::coroutine {
namespace {

Coroutine<> resumes(Coroutine<>*& which, std::string& notes) {
  notes += 'a';
  which->next();
  notes += 'c';
  co_yield {};
}

Coroutine<> one_step(std::string& notes) {
  notes += 'b';
  co_yield {};
}

template <bool kItself>
std::string resume_from_inside() {
  std::string notes;
  Coroutine<>* which = nullptr;
  Coroutine<> outer = resumes(which, notes);
  Coroutine<> other = one_step(notes);
  which = kItself ? &outer : &other;
  outer.next();
  return unless_noted("abc", notes);
}

}  // namespace

constinit const Specimen kResumedFromInside{
    .row = "002-4",
    .name = "coroutine/resumed_from_inside",
    .mistake = "a body resumes the coroutine that it is the body of",
    .kind = kind::kException,
    .body = resume_from_inside<true>,
    .mended = resume_from_inside<false>,
};

}  // namespace weft::scenarios::specimens::coroutine

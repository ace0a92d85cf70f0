// Sentence: a text put together without the heap, cut where there is no more room.
//
// Thread safety: as any object.
#pragma once

#include <stdint.h>

namespace weft::explore {

struct Sentence {
  char text[400];
  unsigned size = 0;

  Sentence() { text[0] = '\0'; }

  void put(const char* more) {
    while (*more != '\0' && size + 1 < sizeof text) text[size++] = *more++;
    text[size] = '\0';
  }
  void put_number(uint64_t number) {
    char digits[24];
    char* at = digits + sizeof digits - 1;
    *at = '\0';
    do {
      *--at = static_cast<char>('0' + number % 10);
      number /= 10;
    } while (number > 0);
    put(at);
  }
};

}  // namespace weft::explore

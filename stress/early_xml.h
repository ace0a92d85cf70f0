// The JUnit XML of a program that does not live to write it.
//
// GoogleTest writes XML_OUTPUT_FILE at the end. Until then this keeps a smaller one there, with the
// test cases that have ended and the running one as an error, so that a crash names its test.
//
// Thread safety: by the thread that runs the tests.
#pragma once

#include <gtest/gtest.h>

#include <string>

namespace weft::internal {

class EarlyXml : public testing::EmptyTestEventListener {
 public:
  explicit EarlyXml(std::string file) : file_(std::move(file)) {}

  void OnTestStart(const testing::TestInfo& test) override;
  void OnTestEnd(const testing::TestInfo& test) override;

 private:
  void write(const std::string& running) const;

  const std::string file_;
  std::string ended_;
  int tests_ = 0;
  int failures_ = 0;
};

// Text as it may stand in an attribute.
std::string xml_escaped(std::string_view text);

}  // namespace weft::internal

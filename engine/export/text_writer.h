// TextWriter: builds text in pieces of 64 KiB and hands them to a sink.
#pragma once

#include <charconv>
#include <string>
#include <string_view>

#include "engine/export/run_info.h"

namespace escapement::exporting {

class TextWriter {
 public:
  explicit TextWriter(const Sink& sink) : sink_(sink) { buffer_.reserve(kPiece + 4096); }
  TextWriter(const TextWriter&) = delete;
  TextWriter& operator=(const TextWriter&) = delete;
  ~TextWriter() { Flush(); }

  TextWriter& operator<<(std::string_view text) {
    buffer_.append(text);
    if (buffer_.size() >= kPiece) Flush();
    return *this;
  }
  TextWriter& operator<<(const char* text) { return *this << std::string_view(text); }
  TextWriter& operator<<(char c) { return *this << std::string_view(&c, 1); }
  TextWriter& operator<<(uint64_t value) { return Number(value); }
  TextWriter& operator<<(int64_t value) { return Number(value); }
  TextWriter& operator<<(uint32_t value) { return Number(value); }
  TextWriter& operator<<(int value) { return Number(value); }

  // A JSON string; what is not UTF-8 becomes U+FFFD.
  TextWriter& Quoted(std::string_view text);
  // A field of comma-separated values, quoted if it has to be.
  TextWriter& CsvField(std::string_view text);
  void Flush() {
    if (!buffer_.empty()) sink_(buffer_);
    buffer_.clear();
  }

 private:
  static constexpr size_t kPiece = 64 << 10;

  template <typename T>
  TextWriter& Number(T value) {
    char digits[24];
    auto end = std::to_chars(digits, digits + sizeof digits, value);
    return *this << std::string_view(digits, static_cast<size_t>(end.ptr - digits));
  }

  const Sink& sink_;
  std::string buffer_;
};

}  // namespace escapement::exporting

#include "engine/stdlib/pack.h"

#include <cstdint>
#include <utility>

#include "engine/stdlib/natives.h"
#include "engine/stdlib/number_rows.h"
#include "engine/stdlib/overlay.h"

namespace escapement::stdlib {

namespace {

constexpr std::string_view kMagic = "ESCAPACK";
constexpr std::string_view kFormat = "4";

// The engine that a pack is for: its packages call the natives, and use the overlay, of that engine.
std::string EngineKey() {
  uint64_t hash = 14695981039346656037ull;
  auto mix = [&hash](std::string_view text) {
    for (char c : text) hash = (hash ^ static_cast<uint8_t>(c)) * 1099511628211ull;
    hash = (hash ^ text.size()) * 1099511628211ull;
  };
  mix(OverlayKey());
  for (const vm::Native& native : Natives()) mix(native.name);
  return std::to_string(hash);
}

void PutCount(std::string& out, uint64_t n) {
  for (; n >= 0x80; n >>= 7) out += static_cast<char>(n | 0x80);
  out += static_cast<char>(n);
}

void PutString(std::string& out, std::string_view text) {
  PutCount(out, text.size());
  out += text;
}

// Reads forward through bytes that may be anything; `ok` falls at the first flaw.
struct Reader {
  std::string_view rest;
  bool ok = true;

  uint64_t Count() {
    uint64_t n = 0;
    for (int shift = 0; shift < 64 && !rest.empty(); shift += 7) {
      uint8_t byte = static_cast<uint8_t>(rest[0]);
      rest.remove_prefix(1);
      n |= uint64_t{byte & 0x7fu} << shift;
      if (byte < 0x80) return n;
    }
    ok = false;
    return 0;
  }

  std::string String() {
    uint64_t size = Count();
    if (size > rest.size()) {
      ok = false;
      return "";
    }
    std::string text(rest.substr(0, size));
    rest.remove_prefix(size);
    return text;
  }
};

}  // namespace

std::string WritePack(const Pack& pack) {
  std::string out(kMagic);
  PutString(out, kFormat);
  PutString(out, EngineKey());
  PutString(out, pack.go_version);
  PutString(out, pack.licence);
  PutCount(out, pack.packages.size());
  for (const PackPackage& package : pack.packages) {
    PutString(out, package.import_path);
    PutCount(out, package.files.size());
    for (const LibraryFile& file : package.files) {
      PutString(out, file.name);
      // A text that has the bytes of packed rows already stays as it is.
      std::string packed = PackRows(file.text);
      bool rows = UnpackRows(packed) == file.text;
      PutCount(out, rows);
      PutString(out, rows ? packed : file.text);
    }
    PutString(out, package.summaries);
  }
  return out;
}

bool ReadPack(std::string_view bytes, Pack& pack) {
  if (bytes.substr(0, kMagic.size()) != kMagic) return false;
  Reader in{bytes.substr(kMagic.size())};
  if (in.String() != kFormat || in.String() != EngineKey()) return false;
  Pack read;
  read.go_version = in.String();
  read.licence = in.String();
  for (uint64_t packages = in.Count(); in.ok && packages > 0; --packages) {
    PackPackage& package = read.packages.emplace_back();
    package.import_path = in.String();
    for (uint64_t files = in.Count(); in.ok && files > 0; --files) {
      stdlib::LibraryFile& file = package.files.emplace_back();
      file.name = in.String();
      bool rows = in.Count() != 0;
      file.text = rows ? UnpackRows(in.String()) : in.String();
    }
    package.summaries = in.String();
  }
  if (!in.ok || !in.rest.empty()) return false;
  pack = std::move(read);
  return true;
}

bool PackSource::Add(std::string_view bytes) {
  Pack pack;
  if (!ReadPack(bytes, pack)) return false;
  for (PackPackage& package : pack.packages) packages_[package.import_path] = std::move(package);
  return true;
}

std::vector<LibraryFile> PackSource::Files(std::string_view import_path) {
  auto found = packages_.find(import_path);
  return found == packages_.end() ? std::vector<LibraryFile>() : found->second.files;
}

std::vector<std::string> PackSource::Packages() {
  std::vector<std::string> paths;
  for (const auto& [path, package] : packages_) paths.push_back(path);
  return paths;
}

std::string PackSource::Summaries(std::string_view import_path) {
  auto found = packages_.find(import_path);
  return found == packages_.end() ? std::string() : found->second.summaries;
}

}  // namespace escapement::stdlib

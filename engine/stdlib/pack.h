// Packs: the standard library as one file a package group, read by builds that have
// no file system. A pack holds stripped sources and the analysis summaries of their
// functions, with the licence of the Go distribution they came from.
//
// Layout: the magic `ESCAPACK`, then length-prefixed strings (a LEB128 length, then
// bytes): format version, the engine's key, Go version, licence; then packages, each import path, file
// count, (name, whether rows are packed (number_rows.h), text), summaries. Nothing in it depends on
// the host.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/stdlib/library_source.h"

namespace escapement::stdlib {

// One package of a pack. `summaries` is what ReadSummaries (summaries.h) takes; may be empty.
struct PackPackage {
  std::string import_path;
  std::vector<LibraryFile> files;
  std::string summaries;
};

// A pack as a value.
struct Pack {
  std::string go_version;
  std::string licence;
  std::vector<PackPackage> packages;
};

// The bytes of a pack.
std::string WritePack(const Pack& pack);
// Reads what WritePack of this engine wrote. False, with `pack` untouched, for anything else: packs
// may come from a cache that another version filled, or have been left by an earlier build.
[[nodiscard]] bool ReadPack(std::string_view bytes, Pack& pack);

// A LibrarySource over any number of packs.
class PackSource : public LibrarySource {
 public:
  // Adds the packages of a pack; false if the bytes are not a pack of this version.
  [[nodiscard]] bool Add(std::string_view bytes);
  std::vector<LibraryFile> Files(std::string_view import_path) override;
  std::vector<std::string> Packages() override;
  std::string Summaries(std::string_view import_path) override;

 private:
  std::map<std::string, PackPackage, std::less<>> packages_;
};

}  // namespace escapement::stdlib

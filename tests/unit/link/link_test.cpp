// Type descriptors as bytes, and types found by the strings that reflection prints.
#include <doctest/doctest.h>

#include <cstring>

#include "engine/link/descriptor.h"
#include "engine/link/linker.h"
#include "tests/unit/codegen/compile.h"

namespace escapement::link {

namespace {

constexpr char kProgram[] = R"(package main

type point struct{ x, y int32 }
type named interface{ Name() string }

func (p *point) Name() string { return "point" }

var sink any

func main() {
	sink = point{1, 2}
	sink = map[string][]*point{}
	var n named = &point{}
	println(n.Name())
}
)";

struct Linked {
  explicit Linked(const char* text)
      : compiled(text), linker(compiled.lowering, compiled.builder, [this](std::string_view name) {
          return functions.emplace(std::string(name), static_cast<uint32_t>(functions.size())).first->second;
        }) {
    segments = linker.Start();
  }
  // The bytes at an address of the image.
  const uint8_t* At(uint64_t address) const {
    for (const Segment& s : segments)
      if (address >= s.start && address - s.start < s.bytes.size())
        return reinterpret_cast<const uint8_t*>(s.bytes.data()) + (address - s.start);
    return nullptr;
  }
  template <typename T>
  T Read(uint64_t address) const {
    const uint8_t* at = At(address);
    REQUIRE(at != nullptr);
    T value;
    std::memcpy(&value, at, sizeof value);
    return value;
  }

  std::unordered_map<std::string, uint32_t> functions;
  codegen::Compiled compiled;
  Linker linker;
  std::vector<Segment> segments;
};

}  // namespace

TEST_CASE("a descriptor has the layout of abi.Type") {
  Linked program(kProgram);
  uint64_t address = program.linker.AddressOf(program.compiled.names.Intern("type:main.point"));
  REQUIRE(program.At(address) != nullptr);
  CHECK(program.Read<uint64_t>(address) == 8);       // Size_
  CHECK(program.Read<uint64_t>(address + 8) == 0);   // PtrBytes
  CHECK(program.Read<uint8_t>(address + 21) == 4);   // Align_
  CHECK(program.Read<uint8_t>(address + 23) == 25);  // Kind_: struct
  ir::Type* type = program.linker.TypeAt(address);
  REQUIRE(type != nullptr);
  CHECK(type->Size() == 8);
  CHECK(program.linker.TypeAt(address + 1) == nullptr);
}

TEST_CASE("equal types have one TypeOff, and it leads back to the type") {
  Linked program(kProgram);
  ir::Type* point =
      program.linker.TypeAt(program.linker.AddressOf(program.compiled.names.Intern("type:main.point")));
  ir::Type* pointer = program.compiled.program.types().Pointer(point);
  int32_t offset = program.linker.TypeOffset(pointer);
  CHECK(program.linker.TypeOffset(program.compiled.program.types().Pointer(point)) == offset);
  CHECK(program.linker.TypeByOffset(offset).text() == "type:*main.point");
  CHECK(program.linker.TypeByOffset(offset + 100000).text().empty());
}

TEST_CASE("types are found by their strings, composed of known ones where need be") {
  Linked program(kProgram);
  ir::TypeTable& types = program.compiled.program.types();
  ir::Type* point =
      program.linker.TypeAt(program.linker.AddressOf(program.compiled.names.Intern("type:main.point")));
  TypeNames names(types);
  names.Add(point);
  REQUIRE(names.Find("main.point").size() == 1);
  REQUIRE(names.Find("*main.point").size() == 1);
  CHECK(names.Find("*main.point")[0] == types.Pointer(point));
  REQUIRE(names.Find("[3][]*main.point").size() == 1);
  CHECK(names.Find("[3][]*main.point")[0]->Size() == 72);
  CHECK(names.Find("main.other").empty());
  CHECK(names.Find("[").empty());
}

}  // namespace escapement::link

// Lowering: one IR function after escape analysis becomes a lowered tree (tree.h).
#pragma once

#include <memory>
#include <unordered_map>

#include "engine/base/constant.h"
#include "engine/ir/builder.h"
#include "engine/lower/data.h"
#include "engine/lower/tree.h"

namespace escapement::lower {

// What lowering shares between the functions of a session.
class Lowering {
 public:
  Lowering(ir::Program& program, ir::Builder& builder, base::ConstantPool& constants, Data& data)
      : program_(program), builder_(builder), constants_(constants), data_(data) {}

  // Lowers a function whose body is built and analysed. The tree lives in `arena`.
  Func LowerFunc(ir::Func* fn, base::Arena& arena);

  // Static initialisation of a package's variables: constant values become data; unit.init keeps the
  // statements that need code. Variables get their symbols whether initialised or not.
  void InitGlobals(ir::Unit& unit);

  // The symbols of a type's equality and hash functions as closures (`type:.eqfunc.T`), for descriptors.
  // Empty when values of the type are not comparable.
  base::Name EqClosure(ir::Type* type);
  base::Name HashClosure(ir::Type* type);

  // Lowers a function that lowering itself made up (equality, hash); false if `symbol` is not one.
  bool LowerGenerated(base::Name symbol, base::Arena& arena, Func* out);

  // The group type of a Swiss map (abi.MapType.Group).
  ir::Type* MapGroup(ir::Type* map);

  ir::Program& program() { return program_; }
  ir::Builder& builder() { return builder_; }
  ir::TypeTable& types() { return program_.types(); }
  base::ConstantPool& constants() { return constants_; }
  Data& data() { return data_; }

  // The linker symbol of a package-level variable or function.
  base::Name SymbolOf(const ir::Name* name);
  // The symbol of the variable, defined in bss if it is not data yet.
  base::Name GlobalSymbol(const ir::Name* name);
  // Dictionaries are read-only data, made when first mentioned.
  base::Name DictionarySymbol(const ir::Dictionary* dictionary);

  // The function that a method expression names: the method, or a wrapper of it.
  ir::Func* MethodExpression(ir::Node* n);

  ir::Type* MapHeader();  // internal/runtime/maps.Map
  ir::Type* MapIter();    // internal/runtime/maps.Iter

 private:
  friend class FuncLowerer;
  ir::Type* StructOf(std::initializer_list<std::pair<const char*, ir::Type*>> fields);

  ir::Program& program_;
  ir::Builder& builder_;
  base::ConstantPool& constants_;
  Data& data_;
  std::unordered_map<base::Name, ir::Type*> equals_;  // generated functions by symbol
  std::unordered_map<base::Name, ir::Type*> hashes_;
  std::unordered_map<ir::Type*, ir::Type*> groups_;
  ir::Type* map_header_ = nullptr;
  ir::Type* map_iter_ = nullptr;
};

// Writes the bits of a constant of a basic type into static data (staticdata.InitConst).
bool StaticConstant(Lowering& lowering, DataSymbol* symbol, int64_t offset, ir::Node* literal,
                    ir::Type* type);
// Which of the runtime's entry points serve a map, by the kind of its key (walk's mapfast).
enum class MapFast : uint8_t { kSlow, k32, k32Ptr, k64, k64Ptr, kString };
MapFast FastOf(ir::Type* map);
// The bits of a scalar constant as a slot holds them.
uint64_t ScalarBits(base::ConstantPool& constants, ir::Type* type, base::Constant value);
// Whether n, a composite literal or conversion, can be read-only data (walk's isStaticCompositeLiteral).
bool IsStaticLiteral(ir::Node* n);
// Whether n is the zero value of its type (ir.IsZero).
bool IsZeroLiteral(base::ConstantPool& constants, ir::Node* n);
// Writes a static literal into data; the literal satisfies IsStaticLiteral.
void StaticLiteral(Lowering& lowering, DataSymbol* symbol, int64_t offset, ir::Node* n, ir::Type* type);

}  // namespace escapement::lower

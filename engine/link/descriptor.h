// Type descriptors and itabs as bytes: internal/abi's Type, its kinds, UncommonType,
// method and field tables, Name, ITab. Layouts: internal/abi/{type,map,iface}.go.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "engine/ir/builder.h"
#include "engine/lower/lowering.h"

namespace escapement::link {

// Writes descriptors into static data, asking for those they point to.
struct DescriptorWriter {
  lower::Lowering& lowering;
  ir::Builder& builder;
  std::function<int32_t(ir::Type*)> type_offset;

  // Defines the symbol of a type's descriptor.
  void WriteType(ir::Type* type);
  // Defines an itab; its first method is 0 if the type lacks one.
  void WriteItab(const lower::ItabNeed& need);

 private:
  struct Method {
    const ir::Sym* name;
    ir::Func* interface_entry;  // takes the interface's data word
    ir::Func* entry;
    ir::Type* type;  // without receiver
  };

  void WriteCommon(lower::DataSymbol* symbol, ir::Type* type);
  void WriteKind(lower::DataSymbol* symbol, ir::Type* type, uint64_t variable);
  void WriteUncommon(lower::DataSymbol* symbol, ir::Type* type, uint64_t at, uint64_t methods_at,
                     const std::vector<Method>& methods);
  void WriteInterface(lower::DataSymbol* symbol, ir::Type* type, uint64_t variable);
  void WriteMap(lower::DataSymbol* symbol, ir::Type* type);
  void WriteStruct(lower::DataSymbol* symbol, ir::Type* type, uint64_t variable);
  void PutType(lower::DataSymbol* symbol, uint64_t offset, ir::Type* type);
  void PutClosure(lower::DataSymbol* symbol, uint64_t offset, base::Name closure);
  void PutNameOff(lower::DataSymbol* symbol, uint64_t offset, base::Name name);
  // The symbol of an encoded abi.Name.
  base::Name Name(std::string_view name, std::string_view tag, const ir::Package* pkg, bool exported,
                  bool embedded);
  base::Name PackagePath(const ir::Package* pkg);
  base::Name PointerMask(ir::Type* type);
  std::vector<Method> Methods(ir::Type* type);
};

// types.TypeHash. Model: FNV-1a of the link string; gc's is the first bytes of a SHA-256.
uint32_t TypeHash(ir::TypeTable& types, ir::Type* type);

}  // namespace escapement::link

// Calls that reflection makes and receives. reflect lays arguments out in memory (the overlay of internal/abi
// has no register arguments); an adapter of bytecode, made when a function is first called so, moves them
// between that layout and the calling convention.
#include <algorithm>
#include <string>

#include "engine/bytecode/assembler.h"
#include "engine/stdlib/native_support.h"
#include "engine/stdlib/natives.h"
#include "engine/stdlib/type_reader.h"

namespace escapement::stdlib {
namespace {

using bytecode::Assembler;
using bytecode::Bitmap;
using bytecode::Chunk;
using bytecode::Op;
using bytecode::PartKind;
using bytecode::SignaturePart;

Op LoadOf(PartKind kind) {
  switch (kind) {
    case PartKind::kS8:
      return Op::Ld8S;
    case PartKind::kS16:
      return Op::Ld16S;
    case PartKind::kS32:
      return Op::Ld32S;
    case PartKind::kU8:
      return Op::Ld8U;
    case PartKind::kU16:
      return Op::Ld16U;
    case PartKind::kU32:
      return Op::Ld32U;
    case PartKind::kW64:
    case PartKind::kMemory:
      return Op::Ld64;
  }
  return Op::Ld64;
}
Op StoreOf(PartKind kind) {
  switch (kind) {
    case PartKind::kS8:
    case PartKind::kU8:
      return Op::St8;
    case PartKind::kS16:
    case PartKind::kU16:
      return Op::St16;
    case PartKind::kS32:
    case PartKind::kU32:
      return Op::St32;
    case PartKind::kW64:
    case PartKind::kMemory:
      return Op::StPtr;
  }
  return Op::St64;
}

// Slots of the adapter of reflectcall: its own arguments, then the window of the call.
constexpr int32_t kFunction = 1, kFrame = 2, kScratch = 7, kWindow = 10;

// call(stackArgsType, fn, stackArgs, argSize, retOffset, frameSize, regArgs) for functions of one signature.
Chunk CallAdapter(const Chunk& target) {
  Chunk chunk;
  chunk.name = "runtime.reflectcall";
  chunk.flags = bytecode::kWrapper;
  uint32_t slots = std::max(target.arg_slots, target.result_slots);
  chunk.window_slots = kWindow + slots;
  chunk.arg_slots = 7;
  chunk.frame_size = target.incoming_size + 8;
  chunk.files = {"runtime/asm_amd64.s"};
  chunk.inlines.resize(1);
  chunk.pointer_slots.Set(kFunction);
  chunk.pointer_slots.Set(kFrame);
  chunk.pointer_slots.Set(kScratch);
  Bitmap live;
  live.Set(kFunction);
  live.Set(kFrame);
  Assembler as(&chunk);
  as.AddSafepoint(as.Emit(Op::Nop), live, {});
  for (const SignaturePart& part : target.signature_args) {
    if (part.kind == PartKind::kMemory) {
      as.EmitImm(Op::Lea, kScratch, part.outgoing);
      as.Emit(Op::Mov, kScratch + 1, kFrame);
      as.EmitExt(Op::LdI64, kScratch + 2, 0, 0, part.offset);
      as.Emit(Op::Add64, kScratch + 1, kScratch + 1, kScratch + 2);
      as.EmitExt(Op::MemMove, kScratch, kScratch + 1, 0, part.size);
    } else {
      as.Emit(LoadOf(part.kind), kWindow + static_cast<int32_t>(part.slot), kFrame,
              static_cast<int32_t>(part.offset));
    }
  }
  as.AddSafepoint(as.Emit(Op::CallClosure, kWindow, kFunction), live, {});
  for (const SignaturePart& part : target.signature_results) {
    if (part.kind == PartKind::kMemory) {
      as.EmitImm(Op::Lea, kScratch, part.outgoing);
      as.Emit(Op::Mov, kScratch + 1, kFrame);
      as.EmitExt(Op::LdI64, kScratch + 2, 0, 0, part.offset);
      as.Emit(Op::Add64, kScratch + 1, kScratch + 1, kScratch + 2);
      as.EmitExt(Op::MemMove, kScratch + 1, kScratch, 0, part.size);
    } else {
      as.Emit(StoreOf(part.kind), kFrame, kWindow + static_cast<int32_t>(part.slot),
              static_cast<int32_t>(part.offset));
    }
  }
  as.EmitImm(Op::Ret, 0, chunk.frame_size + 8);
  as.Finish();
  return chunk;
}

void AppendKey(std::string* key, const std::vector<SignaturePart>& parts) {
  for (const SignaturePart& part : parts)
    *key += std::to_string(static_cast<int>(part.kind)) + "," + std::to_string(part.slot) + "," +
            std::to_string(part.outgoing) + "," + std::to_string(part.offset) + "," +
            std::to_string(part.size) + ";";
  *key += "|";
}

// --- functions made by reflect.MakeFunc -----------------------------------------------------------------

// Components of a value of `type` at `offset`, in memory order; false if it is memory class (gc's rule: at
// most four components, arrays only of length ≤ 1).
bool Flatten(const World& world, Address type, uint32_t offset, std::vector<SignaturePart>* parts,
             std::vector<bool>* pointers) {
  const AddressSpace& space = world.space;
  auto add = [&](PartKind kind, uint32_t at, uint32_t size, bool pointer) {
    parts->push_back({kind, 0, 0, at, size});
    pointers->push_back(pointer);
    return parts->size() <= 4;
  };
  switch (KindOf(space, type)) {
    case Kind::kBool:
    case Kind::kUint8:
      return add(PartKind::kU8, offset, 1, false);
    case Kind::kInt8:
      return add(PartKind::kS8, offset, 1, false);
    case Kind::kInt16:
      return add(PartKind::kS16, offset, 2, false);
    case Kind::kUint16:
      return add(PartKind::kU16, offset, 2, false);
    case Kind::kInt32:
      return add(PartKind::kS32, offset, 4, false);
    case Kind::kUint32:
    case Kind::kFloat32:
      return add(PartKind::kU32, offset, 4, false);
    case Kind::kComplex64:
      return add(PartKind::kU32, offset, 4, false) && add(PartKind::kU32, offset + 4, 4, false);
    case Kind::kComplex128:
      return add(PartKind::kW64, offset, 8, false) && add(PartKind::kW64, offset + 8, 8, false);
    case Kind::kString:
      return add(PartKind::kW64, offset, 8, true) && add(PartKind::kW64, offset + 8, 8, false);
    case Kind::kInterface:
      return add(PartKind::kW64, offset, 8, false) && add(PartKind::kW64, offset + 8, 8, true);
    case Kind::kSlice:
      return add(PartKind::kW64, offset, 8, true) && add(PartKind::kW64, offset + 8, 8, false) &&
             add(PartKind::kW64, offset + 16, 8, false);
    case Kind::kChan:
    case Kind::kFunc:
    case Kind::kMap:
    case Kind::kPointer:
    case Kind::kUnsafePointer:
      return add(PartKind::kW64, offset, 8, true);
    case Kind::kArray:
      if (ArrayLength(space, type) == 0) return true;
      return ArrayLength(space, type) == 1 && Flatten(world, ElemType(space, type), offset, parts, pointers);
    case Kind::kStruct:
      if (FieldCount(space, type) > 4) return false;
      for (uint64_t i = 0; i < FieldCount(space, type); i++) {
        StructField field = FieldAt(world, type, i);
        if (field.name.text == "_") continue;
        if (!Flatten(world, field.type, offset + static_cast<uint32_t>(field.offset), parts, pointers))
          return false;
      }
      return true;
    default:
      return add(PartKind::kW64, offset, 8, false);
  }
}

// A function type's signature as a chunk carries it.
struct Signature {
  std::vector<SignaturePart> arguments, results;
  std::vector<bool> argument_pointers, result_pointers;  // by register-class part
  Bitmap memory_pointers;                                // words of the ABI0 frame
  uint32_t argument_slots = 0, result_slots = 0;
  uint32_t outgoing = 0;  // bytes of memory-class values
  uint32_t size = 0;      // of the ABI0 frame
};

uint32_t AlignUp(uint32_t value, uint32_t align) {
  return align == 0 ? value : (value + align - 1) / align * align;
}

void AddValues(const World& world, Address types, uint32_t count, std::vector<SignaturePart>* parts,
               std::vector<bool>* pointers, uint32_t* slots, Signature* signature) {
  const AddressSpace& space = world.space;
  for (uint32_t i = 0; i < count; i++) {
    Address type = space.LoadPointer(types + 8 * i);
    uint32_t size = static_cast<uint32_t>(memory::TypeSize(space, type));
    uint32_t align = space.Load<uint8_t>(type + AbiType::kAlign);
    signature->size = AlignUp(signature->size, align);
    std::vector<SignaturePart> flat;
    std::vector<bool> flat_pointers;
    if (size <= 32 && Flatten(world, type, signature->size, &flat, &flat_pointers)) {
      for (SignaturePart& part : flat) part.slot = (*slots)++;
      parts->insert(parts->end(), flat.begin(), flat.end());
      pointers->insert(pointers->end(), flat_pointers.begin(), flat_pointers.end());
    } else {
      signature->outgoing = AlignUp(signature->outgoing, align);
      parts->push_back({PartKind::kMemory, 0, signature->outgoing, signature->size, size});
      pointers->push_back(false);
      signature->outgoing += size;
    }
    for (uint64_t word = 0; word < memory::TypePtrBytes(space, type) / 8; word++)
      if (memory::TypeWordIsPointer(space, type, word))
        signature->memory_pointers.Set(signature->size / 8 + static_cast<uint32_t>(word));
    signature->size += size;
  }
}

Signature SignatureOf(const World& world, Address function_type) {
  const AddressSpace& space = world.space;
  uint32_t in = space.Load<uint16_t>(function_type + 48),
           out = space.Load<uint16_t>(function_type + 50) & 0x7fff;
  Address types = function_type + 56;
  if ((space.Load<uint8_t>(function_type + AbiType::kTFlag) & 1) != 0)
    types += 16;  // after the uncommon part
  Signature signature;
  AddValues(world, types, in, &signature.arguments, &signature.argument_pointers, &signature.argument_slots,
            &signature);
  signature.size = AlignUp(signature.size, 8);
  signature.outgoing = AlignUp(signature.outgoing, 8);
  AddValues(world, types + 8 * in, out, &signature.results, &signature.result_pointers,
            &signature.result_slots, &signature);
  signature.size = AlignUp(signature.size, 8);
  return signature;
}

// The code of functions of one type that reflect made: builds the memory frame in its own modelled frame and
// calls `callee`(ctxt, frame, retValid *bool, regs).
Chunk MakeFuncAdapter(const Signature& signature, uint32_t callee) {
  constexpr uint32_t kRegArgs = 64;  // abi.RegArgs without registers
  Chunk chunk;
  chunk.name = "reflect.makeFuncStub";
  chunk.flags = bytecode::kWrapper | bytecode::kNeedsContext;
  uint32_t slots = std::max(signature.argument_slots, signature.result_slots);
  int32_t context = static_cast<int32_t>(slots), scratch = context + 1, window = scratch + 5;
  chunk.window_slots = static_cast<uint32_t>(window) + 4;
  chunk.arg_slots = signature.argument_slots;
  chunk.result_slots = signature.result_slots;
  chunk.incoming_size = signature.outgoing;
  uint32_t valid = signature.size, registers = signature.size + 8;
  chunk.frame_size = signature.size + 8 + kRegArgs + 8;
  chunk.frame_pointers = signature.memory_pointers;
  chunk.files = {"reflect/asm_amd64.s"};
  chunk.inlines.resize(1);
  Bitmap entry_live;
  for (uint32_t i = 0; i < signature.arguments.size(); i++)
    if (signature.argument_pointers[i]) entry_live.Set(signature.arguments[i].slot);
  chunk.pointer_slots = entry_live;
  for (uint32_t i = 0; i < signature.results.size(); i++)
    if (signature.result_pointers[i]) chunk.pointer_slots.Set(signature.results[i].slot);
  chunk.pointer_slots.Set(static_cast<uint32_t>(context));
  Bitmap call_live;
  call_live.Set(static_cast<uint32_t>(context));
  Assembler as(&chunk);
  as.AddSafepoint(as.Emit(Op::GetCtx, context), entry_live, {});
  as.EmitExt(Op::FZero, 0, 0, 0, signature.size + 8 + kRegArgs);
  as.EmitImm(Op::Lea, scratch, 0);
  for (const SignaturePart& part : signature.arguments) {
    if (part.kind == PartKind::kMemory) {
      as.EmitImm(Op::Lea, scratch + 1, part.offset);
      as.EmitImm(Op::Lea, scratch + 2, chunk.frame_size + 8 + part.outgoing);
      as.EmitExt(Op::MemMove, scratch + 1, scratch + 2, 0, part.size);
    } else {
      Op store = part.kind == PartKind::kW64 ? Op::St64 : StoreOf(part.kind);
      as.Emit(store, scratch, static_cast<int32_t>(part.slot), static_cast<int32_t>(part.offset));
    }
  }
  as.Emit(Op::Mov, window, context);
  as.EmitImm(Op::Lea, window + 1, 0);
  as.EmitImm(Op::Lea, window + 2, valid);
  as.EmitImm(Op::Lea, window + 3, registers);
  as.AddSafepoint(as.EmitImm(Op::Call, window, callee), call_live, chunk.frame_pointers);
  as.EmitImm(Op::Lea, scratch, 0);
  for (const SignaturePart& part : signature.results) {
    if (part.kind == PartKind::kMemory) {
      as.EmitImm(Op::Lea, scratch + 1, part.offset);
      as.EmitImm(Op::Lea, scratch + 2, chunk.frame_size + 8 + part.outgoing);
      as.EmitExt(Op::MemMove, scratch + 2, scratch + 1, 0, part.size);
    } else {
      as.Emit(LoadOf(part.kind), static_cast<int32_t>(part.slot), scratch, static_cast<int32_t>(part.offset));
    }
  }
  as.EmitImm(Op::Ret, 0, chunk.frame_size + 8);
  as.Finish();
  return chunk;
}

NativeStatus CallMadeFunction(Machine& m, Address function_type, std::string_view callee) {
  std::string key = "reflect.makeFuncStub:" + std::string(callee) + ":" + std::to_string(function_type);
  uint32_t adapter = m.code().Find(key);
  if (adapter == vm::kNoFunction) {
    uint32_t target = m.code().Declare(callee);
    adapter = m.code().Declare(key);
    m.DefineDuringRun(adapter, MakeFuncAdapter(SignatureOf(m.world(), function_type), target));
  }
  return m.TailCall(adapter);
}

// The type of a function that reflect made, from its closure: a makeFuncImpl {makeFuncCtxt{fn, stack
// *bitVector, argLen, regPtrs}, ftyp, fn}, or a methodValue {makeFuncCtxt, method int, rcvr Value{typ, ptr,
// flag}}.
Address MakeFuncType(Machine& m, Address closure) {
  constexpr uint64_t kFtyp = 32;
  return Space(m).LoadPointer(closure + kFtyp);
}
Address MethodValueType(Machine& m, Address closure) {
  constexpr uint64_t kMethod = 32, kReceiverType = 40;
  uint64_t index = Space(m).Load<uint64_t>(closure + kMethod);
  Address type = Space(m).LoadPointer(closure + kReceiverType);
  uint32_t method_type = 0;
  if (KindOf(Space(m), type) == Kind::kInterface) {
    method_type = InterfaceMethodAt(m.world(), type, static_cast<uint32_t>(index)).type;
  } else {
    for (uint32_t i = 0, exported = 0; i < MethodCount(Space(m), type); i++) {
      TypeMethod method = MethodAt(m.world(), type, i);
      if (!method.name.exported) continue;
      if (exported++ == index) method_type = method.type;
    }
  }
  return m.resolve_type(method_type);
}

constexpr std::string_view kMakeFuncStub = "reflect.makeFuncStub",
                           kMethodValueCall = "reflect.methodValueCall";

NativeStatus MakeFuncStub(Machine& m, uint64_t* w) {
  return CallMadeFunction(m, MakeFuncType(m, m.NativeContext(w)), "reflect.callReflect");
}
NativeStatus MethodValueCall(Machine& m, uint64_t* w) {
  return CallMadeFunction(m, MethodValueType(m, m.NativeContext(w)), "reflect.callMethod");
}

// reflect.call
NativeStatus ReflectCall(Machine& m, uint64_t* w) {
  CHECK_READABLE(m, w, w[kFunction]);
  uint32_t target = bytecode::FunctionAt(Space(m).LoadPointer(w[kFunction]));
  if (target < m.code().size() && !m.code().defined(target)) return m.Need(target);
  if (target >= m.code().size()) return m.Fatal("reflect: call of a value that is no function", false);
  // One stub stands for all functions that reflect made: their signatures are in their types.
  std::string_view name = m.code().name(target);
  Chunk made;
  if (name == kMakeFuncStub || name == kMethodValueCall) {
    Signature signature = SignatureOf(
        m.world(), name == kMakeFuncStub ? MakeFuncType(m, w[kFunction]) : MethodValueType(m, w[kFunction]));
    made.arg_slots = signature.argument_slots;
    made.result_slots = signature.result_slots;
    made.incoming_size = signature.outgoing;
    made.signature_args = std::move(signature.arguments);
    made.signature_results = std::move(signature.results);
  }
  const Chunk& chunk =
      made.signature_args.empty() && made.signature_results.empty() ? m.code().chunk(target) : made;
  std::string key = "runtime.reflectcall:" + std::to_string(chunk.incoming_size) + ":";
  AppendKey(&key, chunk.signature_args);
  AppendKey(&key, chunk.signature_results);
  uint32_t adapter = m.code().Find(key);
  if (adapter == vm::kNoFunction) {
    adapter = m.code().Declare(key);
    m.DefineDuringRun(adapter, CallAdapter(chunk));
  }
  return m.TailCall(adapter);
}

#define NATIVE(name, arguments, results, function) {name, arguments, results, function},
constexpr vm::Native kNatives[] = {
#include "engine/stdlib/natives_reflect.def"
};

}  // namespace

std::span<const vm::Native> ReflectNatives() {
  return kNatives;
}

}  // namespace escapement::stdlib

// Calls that reflection makes and receives. reflect lays arguments out as Go's internal ABI has them, in an
// abi.RegArgs and in memory; an adapter of bytecode, made when a function is first called so, moves them
// between that layout and the calling convention.
#include <algorithm>
#include <string>

#include "engine/bytecode/assembler.h"
#include "engine/bytecode/signature.h"
#include "engine/memory/heap.h"
#include "engine/memory/pointers.h"
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

// The store to memory that is no heap: without a barrier.
Op PlainStoreOf(PartKind kind) {
  return kind == PartKind::kW64 ? Op::St64 : StoreOf(kind);
}

// Moves a component from slot `from` to its register in the abi.RegArgs at `base` + `at`.
void StoreRegister(Assembler& as, const SignaturePart& part, int32_t base, uint32_t at, int32_t from) {
  uint32_t reg = static_cast<uint32_t>(part.reg);
  as.Emit(PlainStoreOf(part.kind), base, from, static_cast<int32_t>(at + reg * 8));
  if (part.pointer)
    as.Emit(Op::StPtr, base, from, static_cast<int32_t>(at + bytecode::kRegArgsPointers + reg * 8));
}
void LoadRegister(Assembler& as, const SignaturePart& part, int32_t to, int32_t base, uint32_t at) {
  as.Emit(LoadOf(part.kind), to, base, static_cast<int32_t>(at) + part.reg * 8);
}

// Slots of the adapter of reflectcall: its own arguments, then the window of the call.
constexpr int32_t kFunction = 1, kFrame = 2, kRegisters = 6, kScratch = 7, kWindow = 10;

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
  chunk.pointer_slots.Set(kRegisters);
  chunk.pointer_slots.Set(kScratch);
  Bitmap live;
  live.Set(kFunction);
  live.Set(kFrame);
  live.Set(kRegisters);
  Assembler as(&chunk);
  as.AddSafepoint(as.Emit(Op::Nop), live, {});
  for (const SignaturePart& part : target.signature_args) {
    if (part.kind == PartKind::kMemory) {
      as.EmitImm(Op::Lea, kScratch, part.outgoing);
      as.Emit(Op::Mov, kScratch + 1, kFrame);
      as.EmitExt(Op::LdI64, kScratch + 2, 0, 0, part.offset);
      as.Emit(Op::Add64, kScratch + 1, kScratch + 1, kScratch + 2);
      as.EmitExt(Op::MemMove, kScratch, kScratch + 1, 0, part.size);
    } else if (part.in_outgoing) {
      LoadRegister(as, part, kScratch + 1, kRegisters, 0);
      as.EmitImm(Op::Lea, kScratch, part.outgoing);
      as.Emit(PlainStoreOf(part.kind), kScratch, kScratch + 1, 0);
    } else if (part.reg >= 0) {
      LoadRegister(as, part, kWindow + static_cast<int32_t>(part.slot), kRegisters, 0);
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
    } else if (part.in_outgoing) {
      as.EmitImm(Op::Lea, kScratch, part.outgoing);
      as.Emit(LoadOf(part.kind), kScratch + 1, kScratch, 0);
      StoreRegister(as, part, kRegisters, 0, kScratch + 1);
    } else if (part.reg >= 0) {
      StoreRegister(as, part, kRegisters, 0, kWindow + static_cast<int32_t>(part.slot));
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
            std::to_string(part.size) + "," + std::to_string(part.reg) + (part.in_outgoing ? "m" : "") +
            (part.pointer ? "p;" : ";");
  *key += "|";
}

// --- functions made by reflect.MakeFunc -----------------------------------------------------------------

// Appends the words of a value of `type` at `offset`. Register class is gc's rule: at most four components,
// structs of at most four fields, arrays only of length ≤ 1.
void AppendWords(const World& world, Address type, uint32_t offset, bytecode::PassedValue* value) {
  const AddressSpace& space = world.space;
  auto add = [&](PartKind kind, uint32_t at, bool is_float, bool pointer) {
    value->words.push_back({kind, offset + at, is_float, pointer});
  };
  // More words than there are registers are of memory class.
  if (value->words.size() > bytecode::kIntRegisters + bytecode::kFloatRegisters) return;
  switch (KindOf(space, type)) {
    case Kind::kBool:
    case Kind::kUint8:
      return add(PartKind::kU8, 0, false, false);
    case Kind::kInt8:
      return add(PartKind::kS8, 0, false, false);
    case Kind::kInt16:
      return add(PartKind::kS16, 0, false, false);
    case Kind::kUint16:
      return add(PartKind::kU16, 0, false, false);
    case Kind::kInt32:
      return add(PartKind::kS32, 0, false, false);
    case Kind::kUint32:
      return add(PartKind::kU32, 0, false, false);
    case Kind::kFloat32:
      return add(PartKind::kU32, 0, true, false);
    case Kind::kFloat64:
      return add(PartKind::kW64, 0, true, false);
    case Kind::kComplex64:
      add(PartKind::kU32, 0, true, false);
      return add(PartKind::kU32, 4, true, false);
    case Kind::kComplex128:
      add(PartKind::kW64, 0, true, false);
      return add(PartKind::kW64, 8, true, false);
    case Kind::kString:
      add(PartKind::kW64, 0, false, true);
      return add(PartKind::kW64, 8, false, false);
    case Kind::kInterface:
      add(PartKind::kW64, 0, false, false);
      return add(PartKind::kW64, 8, false, true);
    case Kind::kSlice:
      add(PartKind::kW64, 0, false, true);
      add(PartKind::kW64, 8, false, false);
      return add(PartKind::kW64, 16, false, false);
    case Kind::kChan:
    case Kind::kFunc:
    case Kind::kMap:
    case Kind::kPointer:
    case Kind::kUnsafePointer:
      return add(PartKind::kW64, 0, false, true);
    case Kind::kArray:
      if (ArrayLength(space, type) > 1) {
        value->assignable = false;
        if (memory::TypeSize(space, type) != 0) value->in_slots = false;
      }
      if (ArrayLength(space, type) == 1) AppendWords(world, ElemType(space, type), offset, value);
      return;
    case Kind::kStruct:
      if (FieldCount(space, type) > 4) value->in_slots = false;
      for (uint64_t i = 0; i < FieldCount(space, type); i++) {
        StructField field = FieldAt(world, type, i);
        AppendWords(world, field.type, offset + static_cast<uint32_t>(field.offset), value);
      }
      return;
    default:
      return add(PartKind::kW64, 0, false, false);
  }
}

// A function type's signature as a chunk carries it.
struct Signature {
  std::vector<SignaturePart> arguments, results;
  Bitmap memory_pointers;  // words of the frame
  uint32_t argument_slots = 0, result_slots = 0;
  uint32_t outgoing = 0;  // bytes of memory-class values
  uint32_t size = 0;      // of the frame
};

void AddValues(const World& world, Address types, uint32_t count, bytecode::SignatureBuilder* builder,
               std::vector<SignaturePart>* parts, Bitmap* pointers) {
  const AddressSpace& space = world.space;
  for (uint32_t i = 0; i < count; i++) {
    Address type = space.LoadPointer(types + 8 * i);
    bytecode::PassedValue value;
    value.size = static_cast<uint32_t>(memory::TypeSize(space, type));
    value.align = space.Load<uint8_t>(type + AbiType::kAlign);
    AppendWords(world, type, 0, &value);
    value.in_slots = value.in_slots && value.size <= 32 && value.words.size() <= 4;
    uint32_t begin = builder->stack();
    builder->Add(value, parts);
    if (builder->stack() < begin + value.size || value.size == 0) continue;
    begin = builder->stack() - value.size;
    for (uint64_t word = 0; word < memory::TypePtrBytes(space, type) / 8; word++)
      if (memory::TypeWordIsPointer(space, type, word))
        pointers->Set(begin / 8 + static_cast<uint32_t>(word));
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
  bytecode::SignatureBuilder builder;
  AddValues(world, types, in, &builder, &signature.arguments, &signature.memory_pointers);
  signature.argument_slots = builder.slots();
  builder.BeginResults();
  AddValues(world, types + 8 * in, out, &builder, &signature.results, &signature.memory_pointers);
  signature.result_slots = builder.slots();
  signature.outgoing = builder.outgoing();
  signature.size = bytecode::AlignUp(builder.stack(), 8);
  return signature;
}

// The code of functions of one type that reflect made: builds the memory frame in its own modelled frame and
// calls `callee`(ctxt, frame, retValid *bool, regs).
Chunk MakeFuncAdapter(const Signature& signature, uint32_t callee) {
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
  chunk.frame_size = signature.size + 8 + bytecode::kRegArgsBytes + 8;
  chunk.frame_pointers = signature.memory_pointers;
  for (uint32_t i = 0; i < bytecode::kIntRegisters; i++)
    chunk.frame_pointers.Set((registers + bytecode::kRegArgsPointers) / 8 + i);
  chunk.frame_variables = {{0, chunk.frame_size}};
  chunk.files = {"reflect/asm_amd64.s"};
  chunk.inlines.resize(1);
  Bitmap entry_live;
  for (const SignaturePart& part : signature.arguments) {
    if (part.pointer && !part.in_outgoing) entry_live.Set(part.slot);
    if (part.pointer && part.in_outgoing) chunk.incoming_pointers.Set(part.outgoing / 8);
    if (part.kind == PartKind::kMemory)
      for (uint32_t i = 0; i < part.size / 8; i++)
        if (signature.memory_pointers.Test(part.offset / 8 + i))
          chunk.incoming_pointers.Set(part.outgoing / 8 + i);
  }
  chunk.pointer_slots = entry_live;
  for (const SignaturePart& part : signature.results)
    if (part.pointer && !part.in_outgoing) chunk.pointer_slots.Set(part.slot);
  chunk.pointer_slots.Set(static_cast<uint32_t>(context));
  Bitmap call_live, frame_live;
  call_live.Set(static_cast<uint32_t>(context));
  frame_live.Set(0);
  Assembler as(&chunk);
  as.AddSafepoint(as.Emit(Op::GetCtx, context), entry_live, {});
  as.EmitExt(Op::FZero, 0, 0, 0, signature.size + 8 + bytecode::kRegArgsBytes);
  as.EmitImm(Op::Lea, scratch, 0);
  for (const SignaturePart& part : signature.arguments) {
    if (part.kind == PartKind::kMemory) {
      as.EmitImm(Op::Lea, scratch + 1, part.offset);
      as.EmitImm(Op::Lea, scratch + 2, chunk.frame_size + 8 + part.outgoing);
      as.EmitExt(Op::MemMove, scratch + 1, scratch + 2, 0, part.size);
    } else if (part.in_outgoing) {
      as.EmitImm(Op::Lea, scratch + 2, chunk.frame_size + 8 + part.outgoing);
      as.Emit(LoadOf(part.kind), scratch + 1, scratch + 2, 0);
      StoreRegister(as, part, scratch, registers, scratch + 1);
    } else if (part.reg >= 0) {
      StoreRegister(as, part, scratch, registers, static_cast<int32_t>(part.slot));
    } else {
      as.Emit(PlainStoreOf(part.kind), scratch, static_cast<int32_t>(part.slot),
              static_cast<int32_t>(part.offset));
    }
  }
  as.Emit(Op::Mov, window, context);
  as.EmitImm(Op::Lea, window + 1, 0);
  as.EmitImm(Op::Lea, window + 2, valid);
  as.EmitImm(Op::Lea, window + 3, registers);
  as.AddSafepoint(as.EmitImm(Op::Call, window, callee), call_live, frame_live);
  as.EmitImm(Op::Lea, scratch, 0);
  for (const SignaturePart& part : signature.results) {
    if (part.kind == PartKind::kMemory) {
      as.EmitImm(Op::Lea, scratch + 1, part.offset);
      as.EmitImm(Op::Lea, scratch + 2, chunk.frame_size + 8 + part.outgoing);
      as.EmitExt(Op::MemMove, scratch + 2, scratch + 1, 0, part.size);
    } else if (part.in_outgoing) {
      LoadRegister(as, part, scratch + 1, scratch, registers);
      as.EmitImm(Op::Lea, scratch + 2, chunk.frame_size + 8 + part.outgoing);
      as.Emit(PlainStoreOf(part.kind), scratch + 2, scratch + 1, 0);
    } else if (part.reg >= 0) {
      LoadRegister(as, part, static_cast<int32_t>(part.slot), scratch, registers);
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

// gcbits(x any) []byte, for the library's tests: a byte for each word from where x points to on, 1 where the
// collector sees a pointer, up to the last of the object.
NativeStatus GCBits(Machine& m, uint64_t* w) {
  const Address at = w[1];
  const memory::ObjectRef object = memory::FindObject(m.world(), at);
  std::string mask;
  if (object)
    memory::ForEachPointerWord(Space(m), m.world().spans[object.span], object.base, [&](Address word) {
      if (word < at) return;
      mask.resize((word - at) / 8);
      mask.push_back(1);
    });
  const auto [data, length] = m.NewString(mask);
  w[0] = data;
  w[1] = w[2] = length;
  return NativeStatus::kContinue;
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

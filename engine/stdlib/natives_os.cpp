// The operating system: linux/amd64 system calls on a machine with standard streams, a clock, random bytes
// and no files. What package runtime gives os, syscall, internal/poll and internal/godebug.
#include <algorithm>
#include <cstring>

#include "engine/stdlib/native_support.h"
#include "engine/stdlib/natives.h"

namespace escapement::stdlib {
namespace {

enum Errno : uint64_t {
  kEperm = 1,
  kEnoent = 2,
  kEbadf = 9,
  kEfault = 14,
  kEinval = 22,
  kEnotty = 25,
  kEspipe = 29,
  kErofs = 30,
  kEnosys = 38
};
enum SystemCall : uint64_t {
  kRead = 0,
  kWrite = 1,
  kOpen = 2,
  kClose = 3,
  kStat = 4,
  kFstat = 5,
  kLstat = 6,
  kLseek = 8,
  kIoctl = 16,
  kPread = 17,
  kPwrite = 18,
  kSchedYield = 24,
  kDup = 32,
  kNanosleep = 35,
  kGetpid = 39,
  kExit = 60,
  kUname = 63,
  kFcntl = 72,
  kFsync = 74,
  kGetcwd = 79,
  kChdir = 80,
  kMkdir = 83,
  kGettimeofday = 96,
  kGetuid = 102,
  kGetgid = 104,
  kGeteuid = 107,
  kGetegid = 108,
  kGetppid = 110,
  kGettid = 186,
  kClockGettime = 228,
  kExitGroup = 231,
  kOpenat = 257,
  kMkdirat = 258,
  kNewfstatat = 262,
  kUnlinkat = 263,
  kReadlinkat = 267,
  kFaccessat = 269,
  kGetrandom = 318,
  kFaccessat2 = 439
};
constexpr uint64_t kProcessId = 4242;
constexpr uint64_t kMinusOne = ~uint64_t{0};
constexpr uint64_t kStatBytes = 144;
constexpr uint32_t kPipeMode = 0010600;  // S_IFIFO, rw for the owner

// What a system call leaves: r1, r2, errno.
struct Outcome {
  uint64_t result = 0;
  uint64_t error = 0;
};
Outcome Error(uint64_t error) {
  return {kMinusOne, error};
}

Outcome Read(Machine& m, uint64_t descriptor, Address to, uint64_t size) {
  if (descriptor != 0) return Error(kEbadf);
  uint64_t& offset = m.state().stdin_offset;
  const std::string& text = m.host().stdin_text;
  uint64_t count = std::min<uint64_t>(size, text.size() - std::min<uint64_t>(offset, text.size()));
  if (count != 0) {
    if (!Space(m).CanStore(to, count)) return Error(kEfault);
    Space(m).Write(to, text.data() + offset, count);
  }
  offset += count;
  return {count, 0};
}

Outcome Write(Machine& m, uint64_t descriptor, Address from, uint64_t size) {
  if (descriptor != 1 && descriptor != 2) return Error(kEbadf);
  if (size != 0 && !Space(m).CanLoad(from, size)) return Error(kEfault);
  m.Write(static_cast<int>(descriptor), m.StringAt(from, size));
  return {size, 0};
}

Outcome Fstat(Machine& m, uint64_t descriptor, Address to) {
  if (descriptor > 2) return Error(kEbadf);
  if (!Space(m).CanStore(to, kStatBytes)) return Error(kEfault);
  Space(m).Zero(to, kStatBytes);
  Space(m).Store<uint64_t>(to + 16, 1);          // st_nlink
  Space(m).Store<uint32_t>(to + 24, kPipeMode);  // st_mode
  Space(m).Store<uint64_t>(to + 56, 4096);       // st_blksize
  return {0, 0};
}

Outcome Random(Machine& m, Address to, uint64_t size) {
  if (size != 0 && !Space(m).CanStore(to, size)) return Error(kEfault);
  for (uint64_t i = 0; i < size; i++)
    Space(m).Store<uint8_t>(to + i, static_cast<uint8_t>(m.scheduler().random.Next()));
  return {size, 0};
}

Outcome Clock(Machine& m, Address to) {
  uint64_t now = sched::Now(m.scheduler(), m.world());
  if (!Space(m).CanStore(to, 16)) return Error(kEfault);
  Space(m).Store<uint64_t>(to, now / 1000000000);
  Space(m).Store<uint64_t>(to + 8, now % 1000000000);
  return {0, 0};
}

Outcome CurrentDirectory(Machine& m, Address to, uint64_t size) {
  if (size < 2 || !Space(m).CanStore(to, 2)) return Error(kEfault);
  Space(m).Write(to, "/", 2);
  return {2, 0};
}

Outcome Perform(Machine& m, uint64_t number, const uint64_t* a) {
  switch (number) {
    case kRead:
      return Read(m, a[0], a[1], a[2]);
    case kWrite:
      return Write(m, a[0], a[1], a[2]);
    case kClose:
      return a[0] <= 2 ? Outcome{0, 0} : Error(kEbadf);
    case kFstat:
      return Fstat(m, a[0], a[1]);
    case kLseek:
    case kPread:
    case kPwrite:
      return a[0] <= 2 ? Error(kEspipe) : Error(kEbadf);
    case kIoctl:
      return Error(kEnotty);
    case kFsync:
      return Error(kEinval);
    case kFcntl:
      return a[0] <= 2 ? Outcome{a[1] == 3 ? uint64_t{2} : 0, 0} : Error(kEbadf);
    case kSchedYield:
    case kNanosleep:
    case kChdir:
      return {0, 0};
    case kGetpid:
    case kGettid:
      return {kProcessId, 0};
    case kGetppid:
      return {1, 0};
    case kGetuid:
    case kGeteuid:
    case kGetgid:
    case kGetegid:
      return {1000, 0};
    case kGetcwd:
      return CurrentDirectory(m, a[0], a[1]);
    case kClockGettime:
      return Clock(m, a[1]);
    case kGettimeofday: {
      Outcome outcome = Clock(m, a[0]);
      if (outcome.error == 0) Space(m).Store<uint64_t>(a[0] + 8, Space(m).Load<uint64_t>(a[0] + 8) / 1000);
      return outcome;
    }
    case kGetrandom:
      return Random(m, a[0], a[1]);
    case kOpen:
    case kStat:
    case kLstat:
    case kOpenat:
    case kNewfstatat:
    case kUnlinkat:
    case kReadlinkat:
    case kFaccessat:
    case kFaccessat2:
      return Error(kEnoent);
    case kMkdir:
    case kMkdirat:
      return Error(kErofs);
    default:
      return Error(kEnosys);
  }
}

// Syscall6(num, a1 … a6) (r1, r2, errno)
NativeStatus Syscall6(Machine& m, uint64_t* w) {
  if (w[0] == kExit || w[0] == kExitGroup) return m.Exit(static_cast<int>(w[1] & 0xff));
  Outcome outcome = Perform(m, w[0], w + 1);
  w[0] = outcome.result;
  w[1] = 0;
  w[2] = outcome.error;
  return kContinue;
}
// rawSyscallNoError(trap, a1, a2, a3) (r1, r2)
NativeStatus RawSyscallNoError(Machine& m, uint64_t* w) {
  uint64_t arguments[6] = {w[1], w[2], w[3], 0, 0, 0};
  w[0] = Perform(m, w[0], arguments).result;
  w[1] = 0;
  return kContinue;
}
NativeStatus RawVforkSyscall(Machine&, uint64_t* w) {
  w[0] = kMinusOne;
  w[1] = kEnosys;
  return kContinue;
}
// fcntl(fd, cmd, arg int32) (ret, errno int32)
NativeStatus Fcntl(Machine& m, uint64_t* w) {
  uint64_t arguments[6] = {w[0], w[1], w[2], 0, 0, 0};
  Outcome outcome = Perform(m, kFcntl, arguments);
  w[0] = outcome.result;
  w[1] = outcome.error;
  return kContinue;
}
// write(fd uintptr, p unsafe.Pointer, n int32) int32
NativeStatus WriteTo(Machine& m, uint64_t* w) {
  Outcome outcome = Write(m, w[0], w[1], w[2]);
  w[0] = outcome.error != 0 ? 0 - outcome.error : outcome.result;
  return kContinue;
}
NativeStatus Exit(Machine& m, uint64_t* w) {
  return m.Exit(static_cast<int>(w[0] & 0xff));
}

// A []string of the runtime's.
NativeStatus StringSlice(Machine& m, uint64_t* w, const std::vector<std::string>& texts) {
  uint64_t count = texts.size();
  Address array = m.Allocate(16 * count, m.symbol_address("type:string"));
  if (array == 0 && count != 0) return NativeStatus::kExit;
  for (uint64_t i = 0; i < count; i++) {
    auto text = m.NewString(texts[i]);
    Space(m).Store<uint64_t>(array + 16 * i, text[0]);
    Space(m).Store<uint64_t>(array + 16 * i + 8, text[1]);
  }
  w[0] = array;
  w[1] = w[2] = count;
  return kContinue;
}
NativeStatus Arguments(Machine& m, uint64_t* w) {
  return StringSlice(m, w, m.host().arguments);
}
NativeStatus Environment(Machine& m, uint64_t* w) {
  return StringSlice(m, w, m.host().environment);
}

NativeStatus Nothing(Machine&, uint64_t*) {
  return kContinue;
}
NativeStatus Zero(Machine&, uint64_t* w) {
  w[0] = 0;
  return kContinue;
}
NativeStatus PageSize(Machine&, uint64_t* w) {
  w[0] = 4096;
  return kContinue;
}
// pollOpen(fd) (ctx uintptr, errno int): nothing here can be polled.
NativeStatus PollOpen(Machine&, uint64_t* w) {
  w[0] = 0;
  w[1] = kEperm;
  return kContinue;
}
// vgetrandom(p []byte, flags uint32) (ret int, supported bool)
NativeStatus VGetRandom(Machine& m, uint64_t* w) {
  w[0] = Random(m, w[0], w[1]).result;
  w[1] = 1;
  return kContinue;
}
NativeStatus GetRandom(Machine& m, uint64_t* w) {
  w[0] = m.scheduler().random.Next();
  return kContinue;
}
NativeStatus GetRandom32(Machine& m, uint64_t* w) {
  w[0] = m.scheduler().random.Next32();
  return kContinue;
}
NativeStatus RandomBelow(Machine& m, uint64_t* w) {
  w[0] = m.scheduler().random.Below(static_cast<uint32_t>(w[0]));
  return kContinue;
}

#define NATIVE(name, arguments, results, function) {name, arguments, results, function},
constexpr vm::Native kNatives[] = {
#include "engine/stdlib/natives_os.def"
};

}  // namespace

std::span<const vm::Native> OsNatives() {
  return kNatives;
}

}  // namespace escapement::stdlib

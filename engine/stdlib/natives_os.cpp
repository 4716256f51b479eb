// The operating system: linux/amd64 system calls on a machine with standard streams, a clock, random bytes,
// files in memory and a network of its own. What package runtime gives os, syscall, internal/poll and
// internal/godebug.
#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "engine/stdlib/mapping_calls.h"
#include "engine/stdlib/native_support.h"
#include "engine/stdlib/natives.h"
#include "engine/stdlib/sockets.h"
#include "engine/stdlib/system_calls.h"

namespace escapement::stdlib {
namespace {

constexpr uint64_t kProcessId = 4242;

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

// kill(pid, signal): there are the program, and the process that started it.
Outcome Kill(Machine& m, int32_t process, uint64_t signal) {
  constexpr int32_t kParent = 1;
  constexpr uint64_t kSignals = 64, kNoSuchProcess = 3;
  if (process == kParent) return Error(kEperm);
  if (process != 0 && std::abs(process) != static_cast<int32_t>(kProcessId)) return Error(kNoSuchProcess);
  if (signal > kSignals) return Error(vm::kInvalid);
  m.Raise(static_cast<int>(signal));
  return {0, 0};
}

Outcome Perform(Machine& m, uint64_t number, const uint64_t* a) {
  switch (number) {
    case kSchedYield:
    case kNanosleep:
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
      return {kUserId, 0};
    case kClockGettime:
      return Clock(m, a[1]);
    case kGettimeofday: {
      Outcome outcome = Clock(m, a[0]);
      if (outcome.error == 0) Space(m).Store<uint64_t>(a[0] + 8, Space(m).Load<uint64_t>(a[0] + 8) / 1000);
      return outcome;
    }
    case kGetrandom:
      return Random(m, a[0], a[1]);
    case kKill:
      return Kill(m, static_cast<int32_t>(a[0]), a[1]);
    case kWait4:
    case kWaitid:
      return Error(10);  // ECHILD: no process has been started
    case kTkill:
    case kTgkill:
      return Kill(m, static_cast<int32_t>(a[0]), a[number == kTkill ? 1 : 2]);
    case kSocket:
    case kConnect:
    case kAccept:
    case kSendto:
    case kRecvfrom:
    case kSendmsg:
    case kRecvmsg:
    case kShutdown:
    case kBind:
    case kListen:
    case kGetsockname:
    case kGetpeername:
    case kSocketpair:
    case kSetsockopt:
    case kGetsockopt:
    case kAccept4:
    case kWritev:
      return SocketCall(m, number, a);
    case kMmap:
    case kMprotect:
    case kMunmap:
    case kMremap:
    case kMsync:
    case kMadvise:
    case kMlock:
    case kMunlock:
    case kMlockall:
    case kMunlockall:
    case kMlock2:
      return MappingCall(m, number, a);
    default:
      return FileCall(m, number, a);
  }
}

// Syscall6(num, a1 … a6) (r1, r2, errno)
NativeStatus Syscall6(Machine& m, uint64_t* w) {
  if (w[0] == kExit || w[0] == kExitGroup) return m.Exit(static_cast<int>(w[1] & 0xff));
  Outcome outcome = Perform(m, w[0], w + 1);
  w[0] = outcome.result;
  w[1] = 0;
  w[2] = outcome.error;
  return m.state().exited ? NativeStatus::kExit : kContinue;
}
// Syscall(trap, a1, a2, a3) (r1, r2, errno)
NativeStatus Syscall3(Machine& m, uint64_t* w) {
  uint64_t call[7] = {w[0], w[1], w[2], w[3], 0, 0, 0};
  NativeStatus status = Syscall6(m, call);
  std::copy(call, call + 3, w);
  return status;
}
// gettimeofday(timeval *Timeval) (errno)
NativeStatus GetTimeOfDay(Machine& m, uint64_t* w) {
  CHECK_WRITABLE(m, w, w[0]);
  uint64_t now = sched::Now(m.scheduler(), m.world()) + m.scheduler().wall_offset_ns;
  Space(m).Store<uint64_t>(w[0], now / 1000000000);
  Space(m).Store<uint64_t>(w[0] + 8, now % 1000000000 / 1000);
  w[0] = 0;
  return kContinue;
}
// rawSyscallNoError(trap, a1, a2, a3) (r1, r2)
NativeStatus RawSyscallNoError(Machine& m, uint64_t* w) {
  uint64_t arguments[6] = {w[1], w[2], w[3], 0, 0, 0};
  w[0] = Perform(m, w[0], arguments).result;
  w[1] = 0;
  return m.state().exited ? NativeStatus::kExit : kContinue;
}
NativeStatus RawVforkSyscall(Machine& m, uint64_t* w) {
  m.state().asked_processes = true;
  w[0] = kMinusOne;
  w[1] = kEperm;
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
  Outcome outcome = FileCall(m, kWrite, w);
  w[0] = outcome.error != 0 ? 0 - outcome.error : outcome.result;
  return kContinue;
}
NativeStatus Exit(Machine& m, uint64_t* w) {
  return m.Exit(static_cast<int>(w[0] & 0xff));
}

// A []string of the runtime's; the process has texts that `stay`.
NativeStatus StringSlice(Machine& m, uint64_t* w, const std::vector<std::string>& texts, bool stay) {
  uint64_t count = texts.size();
  Address array = m.Allocate(16 * count, m.symbol_address("type:string"));
  if (array == 0 && count != 0) return NativeStatus::kExit;
  for (uint64_t i = 0; i < count; i++) {
    std::array<uint64_t, 2> text{0, texts[i].size()};
    if (!stay) text = m.NewString(texts[i]);
    if (stay && !texts[i].empty()) text[0] = m.static_string(texts[i]);
    Space(m).Store<uint64_t>(array + 16 * i, text[0]);
    Space(m).Store<uint64_t>(array + 16 * i + 8, text[1]);
  }
  w[0] = array;
  w[1] = w[2] = count;
  return kContinue;
}
NativeStatus Arguments(Machine& m, uint64_t* w) {
  return StringSlice(m, w, m.host().arguments, /*stay=*/true);
}
NativeStatus Environment(Machine& m, uint64_t* w) {
  return StringSlice(m, w, m.host().environment, /*stay=*/false);
}
// gogetenv(key string) string
NativeStatus Getenv(Machine& m, uint64_t* w) {
  const std::string_view value = vm::Lookup(m.host().environment, Text(m, w));
  w[0] = value.empty() ? 0 : m.static_string(value);
  w[1] = value.size();
  return kContinue;
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

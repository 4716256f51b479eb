// The Linux system calls that the library's Go code makes: their numbers, and those about files.
#pragma once

#include <cstdint>

#include "engine/stdlib/native_support.h"

namespace escapement::stdlib {

enum SystemCall : uint64_t {
  kRead = 0,
  kWrite = 1,
  kOpen = 2,
  kClose = 3,
  kStat = 4,
  kFstat = 5,
  kLstat = 6,
  kLseek = 8,
  kMmap = 9,
  kMprotect = 10,
  kMunmap = 11,
  kIoctl = 16,
  kPread = 17,
  kPwrite = 18,
  kWritev = 20,
  kSchedYield = 24,
  kMremap = 25,
  kMsync = 26,
  kMadvise = 28,
  kDup = 32,
  kNanosleep = 35,
  kGetpid = 39,
  kSocket = 41,
  kConnect = 42,
  kAccept = 43,
  kSendto = 44,
  kRecvfrom = 45,
  kSendmsg = 46,
  kRecvmsg = 47,
  kShutdown = 48,
  kBind = 49,
  kListen = 50,
  kGetsockname = 51,
  kGetpeername = 52,
  kSocketpair = 53,
  kSetsockopt = 54,
  kGetsockopt = 55,
  kExit = 60,
  kWait4 = 61,
  kKill = 62,
  kUname = 63,
  kFcntl = 72,
  kFlock = 73,
  kFsync = 74,
  kFdatasync = 75,
  kTruncate = 76,
  kFtruncate = 77,
  kGetcwd = 79,
  kChdir = 80,
  kFchdir = 81,
  kRename = 82,
  kMkdir = 83,
  kRmdir = 84,
  kUnlink = 87,
  kReadlink = 89,
  kChmod = 90,
  kFchmod = 91,
  kChown = 92,
  kFchown = 93,
  kUmask = 95,
  kGettimeofday = 96,
  kGetuid = 102,
  kGetgid = 104,
  kGeteuid = 107,
  kGetegid = 108,
  kGetppid = 110,
  kMknod = 133,
  kMlock = 149,
  kMunlock = 150,
  kMlockall = 151,
  kMunlockall = 152,
  kGettid = 186,
  kTkill = 200,
  kGetdents64 = 217,
  kClockGettime = 228,
  kExitGroup = 231,
  kTgkill = 234,
  kWaitid = 247,
  kOpenat = 257,
  kMkdirat = 258,
  kMknodat = 259,
  kFchownat = 260,
  kNewfstatat = 262,
  kUnlinkat = 263,
  kRenameat = 264,
  kLinkat = 265,
  kSymlinkat = 266,
  kReadlinkat = 267,
  kFchmodat = 268,
  kFaccessat = 269,
  kSplice = 275,
  kUtimensat = 280,
  kAccept4 = 288,
  kDup3 = 292,
  kPipe2 = 293,
  kRenameat2 = 316,
  kGetrandom = 318,
  kMlock2 = 325,
  kFaccessat2 = 439,
  kFchmodat2 = 452
};

constexpr uint64_t kEperm = 1, kEnosys = 38, kEfault = 14, kEnotty = 25;
constexpr uint64_t kMinusOne = ~uint64_t{0};
constexpr uint64_t kUserId = 1000;

// What a system call leaves: r1, and errno.
struct Outcome {
  uint64_t result = 0;
  uint64_t error = 0;
};
inline Outcome Error(uint64_t error) {
  return {kMinusOne, error};
}

// A call that is about files or descriptors; ENOSYS for any other.
Outcome FileCall(Machine& m, uint64_t number, const uint64_t* arguments);
// Whether the descriptor's pipe or socket can be read from, or written to, without waiting.
bool PollReady(Machine& m, uint64_t descriptor, bool write);
// Wakes the goroutines that wait for a descriptor that is ready by now.
void WakePollers(Machine& m);

}  // namespace escapement::stdlib

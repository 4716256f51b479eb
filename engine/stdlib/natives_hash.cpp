// What the distribution has in assembly and programs feed with many bytes: the block functions of md5, sha1,
// sha256 and sha512, the permutation of sha3, ChaCha8 for math/rand/v2. The constants are those of RFC 1321.
#include <array>
#include <bit>
#include <utility>

#include "engine/base/sha2.h"
#include "engine/stdlib/native_support.h"
#include "engine/stdlib/natives.h"

namespace escapement::stdlib {
namespace {

template <typename Word, bool kBig>
Word LoadWord(const uint8_t* from) {
  Word value = 0;
  for (size_t i = 0; i < sizeof(Word); i++) {
    size_t at = kBig ? i : sizeof(Word) - 1 - i;
    value = static_cast<Word>(value << 8 | from[at]);
  }
  return value;
}

// Feeds whole blocks of p to `compress(state, block)`; the digest begins with its state words.
template <typename Word, size_t kWords, size_t kBlock, typename Compress>
NativeStatus DigestBlocks(Machine& m, uint64_t* w, Compress compress) {
  Address digest = w[0], data = w[1];
  uint64_t length = w[2];
  CHECK_WRITABLE(m, w, digest);
  if (length < kBlock) return kContinue;
  CHECK_READABLE(m, w, data);
  CHECK_RANGE(m, w, data, length, false);
  std::array<Word, kWords> state;
  for (size_t i = 0; i < kWords; i++) state[i] = Space(m).Load<Word>(digest + i * sizeof(Word));
  const uint8_t* at = Bytes(m, data);
  for (; length >= kBlock; at += kBlock, length -= kBlock) compress(state, at);
  for (size_t i = 0; i < kWords; i++) Space(m).Store<Word>(digest + i * sizeof(Word), state[i]);
  return kContinue;
}

// --- md5 -----------------------------------------------------------------------------------

constexpr std::array<uint32_t, 64> kMd5Table = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
    0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
    0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
    0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391};
constexpr int kMd5Shifts[4][4] = {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};

void Md5Compress(std::array<uint32_t, 4>& state, const uint8_t* block) {
  uint32_t a = state[0], b = state[1], c = state[2], d = state[3], x[16];
  for (size_t i = 0; i < 16; i++) x[i] = LoadWord<uint32_t, false>(block + 4 * i);
  for (size_t i = 0; i < 64; i++) {
    uint32_t mix = 0;
    size_t word = 0;
    switch (i / 16) {
      case 0:
        mix = (b & c) | (~b & d), word = i;
        break;
      case 1:
        mix = (d & b) | (~d & c), word = (5 * i + 1) % 16;
        break;
      case 2:
        mix = b ^ c ^ d, word = (3 * i + 5) % 16;
        break;
      default:
        mix = c ^ (b | ~d), word = 7 * i % 16;
    }
    uint32_t turned = std::rotl(a + mix + kMd5Table[i] + x[word], kMd5Shifts[i / 16][i % 4]);
    a = d, d = c, c = b, b += turned;
  }
  state[0] += a, state[1] += b, state[2] += c, state[3] += d;
}
NativeStatus Md5(Machine& m, uint64_t* w) {
  return DigestBlocks<uint32_t, 4, 64>(m, w, Md5Compress);
}

// --- sha1 ----------------------------------------------------------------------------------

void Sha1Compress(std::array<uint32_t, 5>& state, const uint8_t* block) {
  uint32_t x[80];
  for (size_t i = 0; i < 16; i++) x[i] = LoadWord<uint32_t, true>(block + 4 * i);
  for (size_t i = 16; i < 80; i++) x[i] = std::rotl(x[i - 3] ^ x[i - 8] ^ x[i - 14] ^ x[i - 16], 1);
  auto [a, b, c, d, e] = state;
  for (size_t i = 0; i < 80; i++) {
    uint32_t mix = 0, constant = 0;
    if (i < 20) {
      mix = (b & c) | (~b & d), constant = 0x5a827999;
    } else if (i < 40) {
      mix = b ^ c ^ d, constant = 0x6ed9eba1;
    } else if (i < 60) {
      mix = (b & c) | (b & d) | (c & d), constant = 0x8f1bbcdc;
    } else {
      mix = b ^ c ^ d, constant = 0xca62c1d6;
    }
    uint32_t next = std::rotl(a, 5) + mix + e + x[i] + constant;
    e = d, d = c, c = std::rotl(b, 30), b = a, a = next;
  }
  state[0] += a, state[1] += b, state[2] += c, state[3] += d, state[4] += e;
}
NativeStatus Sha1(Machine& m, uint64_t* w) {
  return DigestBlocks<uint32_t, 5, 64>(m, w, Sha1Compress);
}

// --- sha256 and sha512 -----------------------------------------------------------------------

NativeStatus Sha256(Machine& m, uint64_t* w) {
  return DigestBlocks<uint32_t, 8, 64>(m, w, base::Sha2Compress<uint32_t>);
}
NativeStatus Sha512(Machine& m, uint64_t* w) {
  return DigestBlocks<uint64_t, 8, 128>(m, w, base::Sha2Compress<uint64_t>);
}

// --- ChaCha8 (c2sp.org/chacha8rand) ------------------------------------------------------------

void QuarterRound(uint32_t& a, uint32_t& b, uint32_t& c, uint32_t& d) {
  a += b, d = std::rotl(d ^ a, 16);
  c += d, b = std::rotl(b ^ c, 12);
  a += b, d = std::rotl(d ^ a, 8);
  c += d, b = std::rotl(b ^ c, 7);
}
// block(seed *[4]uint64, blocks *[32]uint64, counter uint32): four blocks, interlaced word by word.
NativeStatus ChaCha8(Machine& m, uint64_t* w) {
  constexpr uint32_t kConstants[4] = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};
  Address seed = w[0], to = w[1];
  CHECK_READABLE(m, w, seed);
  CHECK_WRITABLE(m, w, to);
  uint32_t key[8];
  for (size_t i = 0; i < 8; i++) key[i] = Space(m).Load<uint32_t>(seed + 4 * i);
  for (uint32_t lane = 0; lane < 4; lane++) {
    uint32_t x[16] = {};
    for (size_t i = 0; i < 4; i++) x[i] = kConstants[i];
    for (size_t i = 0; i < 8; i++) x[4 + i] = key[i];
    x[12] = static_cast<uint32_t>(w[2]) + lane;
    for (int round = 0; round < 4; round++) {
      for (size_t i = 0; i < 4; i++) QuarterRound(x[i], x[4 + i], x[8 + i], x[12 + i]);
      for (size_t i = 0; i < 4; i++)
        QuarterRound(x[i], x[4 + (i + 1) % 4], x[8 + (i + 2) % 4], x[12 + (i + 3) % 4]);
    }
    for (size_t i = 0; i < 8; i++) x[4 + i] += key[i];
    for (size_t i = 0; i < 16; i++) Space(m).Store<uint32_t>(to + 16 * i + 4 * lane, x[i]);
  }
  return kContinue;
}

// keccakF1600Generic(a *[200]byte): the permutation of FIPS 202, its round constants by the register
// of 3.2.5.
NativeStatus Keccak(Machine& m, uint64_t* w) {
  CHECK_WRITABLE(m, w, w[0]);
  uint64_t a[25];
  for (size_t i = 0; i < 25; i++) a[i] = Space(m).Load<uint64_t>(w[0] + 8 * i);
  uint8_t feedback = 1;
  for (int round = 0; round < 24; round++) {
    uint64_t column[5];
    for (size_t x = 0; x < 5; x++) column[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
    for (size_t x = 0; x < 5; x++) {
      const uint64_t parity = column[(x + 4) % 5] ^ std::rotl(column[(x + 1) % 5], 1);
      for (size_t y = 0; y < 25; y += 5) a[x + y] ^= parity;
    }
    // Rotates the lanes along the path that steps (x, y) to (y, 2x + 3y), moving each to the next place.
    uint64_t lane = a[1];
    size_t x = 1, y = 0;
    for (int step = 0, turn = 0; step < 24; step++) {
      turn = (turn + step + 1) % 64;
      const size_t next = (2 * x + 3 * y) % 5;
      x = y, y = next;
      lane = std::exchange(a[x + 5 * y], std::rotl(lane, turn));
    }
    for (size_t row = 0; row < 25; row += 5) {
      uint64_t old[5];
      for (size_t i = 0; i < 5; i++) old[i] = a[row + i];
      for (size_t i = 0; i < 5; i++) a[row + i] = old[i] ^ (~old[(i + 1) % 5] & old[(i + 2) % 5]);
    }
    for (int bit = 0; bit < 7; bit++) {
      if ((feedback & 1) != 0) a[0] ^= uint64_t{1} << ((1 << bit) - 1);
      feedback = static_cast<uint8_t>(feedback << 1 ^ ((feedback & 0x80) != 0 ? 0x71 : 0));
    }
  }
  for (size_t i = 0; i < 25; i++) Space(m).Store<uint64_t>(w[0] + 8 * i, a[i]);
  return kContinue;
}

// xorBytes(dst, a, b *byte, n int)
NativeStatus XorBytes(Machine& m, uint64_t* w) {
  if (w[3] == 0) return kContinue;
  CHECK_WRITABLE(m, w, w[0]);
  CHECK_READABLE(m, w, w[1]);
  CHECK_READABLE(m, w, w[2]);
  uint64_t i = 0;
  for (; i + 8 <= w[3]; i += 8)
    Space(m).Store<uint64_t>(w[0] + i, Space(m).Load<uint64_t>(w[1] + i) ^ Space(m).Load<uint64_t>(w[2] + i));
  for (; i < w[3]; i++)
    Space(m).Store<uint8_t>(w[0] + i, Space(m).Load<uint8_t>(w[1] + i) ^ Space(m).Load<uint8_t>(w[2] + i));
  return kContinue;
}

#define NATIVE(name, arguments, results, function) {name, arguments, results, function},
constexpr vm::Native kNatives[] = {
#include "engine/stdlib/natives_hash.def"
};

}  // namespace

std::span<const vm::Native> HashNatives() {
  return kNatives;
}

}  // namespace escapement::stdlib

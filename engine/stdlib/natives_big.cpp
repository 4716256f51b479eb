// The assembly of math/big, crypto's bigmod and edwards25519's field: arithmetic on vectors of words. Slices
// of z, x and y are of one length, which is z's.
#include "engine/stdlib/native_support.h"
#include "engine/stdlib/natives.h"

namespace escapement::stdlib {
namespace {

// 128 bits by halves: what the multiply instruction of amd64 gives.
struct Wide {
  uint64_t high = 0, low = 0;
};
Wide Multiply(uint64_t x, uint64_t y) {
  uint64_t x0 = x & 0xffffffff, x1 = x >> 32, y0 = y & 0xffffffff, y1 = y >> 32;
  uint64_t low = x0 * y0;
  uint64_t middle = x1 * y0 + (low >> 32);
  uint64_t cross = x0 * y1 + (middle & 0xffffffff);
  return {x1 * y1 + (middle >> 32) + (cross >> 32), x * y};
}
void Add(Wide& sum, uint64_t word) {
  sum.low += word;
  sum.high += sum.low < word;
}

uint64_t Word(Machine& m, Address vector, uint64_t i) {
  return Space(m).Load<uint64_t>(vector + 8 * i);
}
void SetWord(Machine& m, Address vector, uint64_t i, uint64_t word) {
  Space(m).Store<uint64_t>(vector + 8 * i, word);
}

// addVV(z, x, y []Word) (c Word)
NativeStatus AddVectors(Machine& m, uint64_t* w) {
  uint64_t carry = 0;
  for (uint64_t i = 0; i < w[1]; i++) {
    Wide sum{0, Word(m, w[3], i)};
    Add(sum, Word(m, w[6], i));
    Add(sum, carry);
    SetWord(m, w[0], i, sum.low);
    carry = sum.high;
  }
  w[0] = carry;
  return kContinue;
}
// subVV(z, x, y []Word) (c Word)
NativeStatus SubtractVectors(Machine& m, uint64_t* w) {
  uint64_t borrow = 0;
  for (uint64_t i = 0; i < w[1]; i++) {
    uint64_t x = Word(m, w[3], i), y = Word(m, w[6], i);
    SetWord(m, w[0], i, x - y - borrow);
    borrow = x < y || (x == y && borrow != 0);
  }
  w[0] = borrow;
  return kContinue;
}
// A shift of nothing, or by nothing.
NativeStatus Copied(Machine& m, uint64_t* w) {
  if (w[1] != 0) Space(m).Move(w[0], w[3], 8 * w[1]);
  w[0] = 0;
  return kContinue;
}
// lshVU(z, x []Word, s uint) (c Word); z may be the same memory as x, or higher.
NativeStatus ShiftLeft(Machine& m, uint64_t* w) {
  uint64_t n = w[1], shift = w[6] & 63;
  Address z = w[0], x = w[3];
  if (n == 0 || shift == 0) return Copied(m, w);
  uint64_t word = Word(m, x, n - 1), out = word >> (64 - shift);
  for (uint64_t i = n - 1; i > 0; i--) {
    uint64_t below = Word(m, x, i - 1);
    SetWord(m, z, i, word << shift | below >> (64 - shift));
    word = below;
  }
  SetWord(m, z, 0, word << shift);
  w[0] = out;
  return kContinue;
}
// rshVU(z, x []Word, s uint) (c Word); z may be the same memory as x, or lower.
NativeStatus ShiftRight(Machine& m, uint64_t* w) {
  uint64_t n = w[1], shift = w[6] & 63;
  Address z = w[0], x = w[3];
  if (n == 0 || shift == 0) return Copied(m, w);
  uint64_t word = Word(m, x, 0), out = word << (64 - shift);
  for (uint64_t i = 0; i + 1 < n; i++) {
    uint64_t above = Word(m, x, i + 1);
    SetWord(m, z, i, word >> shift | above << (64 - shift));
    word = above;
  }
  SetWord(m, z, n - 1, word >> shift);
  w[0] = out;
  return kContinue;
}
// mulAddVWW(z, x []Word, m, a Word) (c Word): z = x*m + a
NativeStatus MultiplyAdd(Machine& m, uint64_t* w) {
  uint64_t carry = w[7];
  for (uint64_t i = 0; i < w[1]; i++) {
    Wide product = Multiply(Word(m, w[3], i), w[6]);
    Add(product, carry);
    SetWord(m, w[0], i, product.low);
    carry = product.high;
  }
  w[0] = carry;
  return kContinue;
}
// z = x + y*factor + carry in n words; what is left over.
uint64_t AddProduct(Machine& m, Address z, Address x, Address y, uint64_t n, uint64_t factor,
                    uint64_t carry) {
  for (uint64_t i = 0; i < n; i++) {
    Wide product = Multiply(Word(m, y, i), factor);
    Add(product, Word(m, x, i));
    Add(product, carry);
    SetWord(m, z, i, product.low);
    carry = product.high;
  }
  return carry;
}
// addMulVVWW(z, x, y []Word, m, a Word) (c Word): z = x + y*m + a
NativeStatus AddMultiplied(Machine& m, uint64_t* w) {
  w[0] = AddProduct(m, w[0], w[3], w[6], w[1], w[9], w[10]);
  return kContinue;
}
// addMulVVWn(z, x *uint, y uint) (c uint) of package bigmod: z += x*y, numbers of n bits
template <uint64_t kBits>
NativeStatus AddMultipliedBits(Machine& m, uint64_t* w) {
  CHECK_WRITABLE(m, w, w[0]);
  CHECK_READABLE(m, w, w[1]);
  w[0] = AddProduct(m, w[0], w[0], w[1], kBits / 64, w[2], 0);
  return kContinue;
}
constexpr auto AddMultiplied1024 = AddMultipliedBits<1024>;
constexpr auto AddMultiplied1536 = AddMultipliedBits<1536>;
constexpr auto AddMultiplied2048 = AddMultipliedBits<2048>;

// A field element is five limbs of 51 bits, and a few bits more on the way; it stands for a number modulo
// 2^255-19, so what leaves the highest limb comes back in the lowest 19 times.
constexpr int kLimbs = 5;
constexpr int kLimbBits = 51;
constexpr uint64_t kLimbMask = (uint64_t{1} << kLimbBits) - 1;

// out = x * y
void MultiplyElements(Machine& m, Address out, Address x, Address y) {
  uint64_t left[kLimbs], right[kLimbs], limbs[kLimbs], carries[kLimbs];
  for (int i = 0; i < kLimbs; i++) {
    left[i] = Word(m, x, static_cast<uint64_t>(i));
    right[i] = Word(m, y, static_cast<uint64_t>(i));
  }
  for (int k = 0; k < kLimbs; k++) {
    Wide sum;
    for (int i = 0; i < kLimbs; i++) {
      const int j = k - i;
      Wide product = j >= 0 ? Multiply(left[i], right[j]) : Multiply(19 * left[i], right[j + kLimbs]);
      Add(sum, product.low);
      sum.high += product.high;
    }
    limbs[k] = sum.low & kLimbMask;
    carries[k] = sum.high << (64 - kLimbBits) | sum.low >> kLimbBits;
  }
  // The carries of the sums, then those that these make.
  for (int k = 0; k < kLimbs; k++) limbs[k] += k > 0 ? carries[k - 1] : 19 * carries[kLimbs - 1];
  for (int k = 0; k < kLimbs; k++) {
    uint64_t carry = k > 0 ? limbs[k - 1] >> kLimbBits : 19 * (limbs[kLimbs - 1] >> kLimbBits);
    SetWord(m, out, static_cast<uint64_t>(k), (limbs[k] & kLimbMask) + carry);
  }
}
// feMul(out, a, b *Element)
NativeStatus MultiplyField(Machine& m, uint64_t* w) {
  CHECK_WRITABLE(m, w, w[0]);
  CHECK_READABLE(m, w, w[1]);
  CHECK_READABLE(m, w, w[2]);
  MultiplyElements(m, w[0], w[1], w[2]);
  return kContinue;
}
// feSquare(out, a *Element)
NativeStatus SquareField(Machine& m, uint64_t* w) {
  CHECK_WRITABLE(m, w, w[0]);
  CHECK_READABLE(m, w, w[1]);
  MultiplyElements(m, w[0], w[1], w[1]);
  return kContinue;
}

#define NATIVE(name, arguments, results, function) {name, arguments, results, function},
constexpr vm::Native kNatives[] = {
#include "engine/stdlib/natives_big.def"
};

}  // namespace

std::span<const vm::Native> BigNatives() {
  return kNatives;
}

}  // namespace escapement::stdlib

#include "engine/base/constant.h"

#include <doctest/doctest.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <map>
#include <vector>

using namespace escapement::base;

namespace {

// A double as Go's verb %x prints it.
std::string HexFloat(double d) {
  char text[64];
  if (d == HUGE_VAL) return "+Inf";
  if (d == -HUGE_VAL) return "-Inf";
  std::snprintf(text, sizeof text, "%a", d);
  std::string s = text;
  size_t p = s.find('p');
  // Go prints at least two exponent digits, and subnormals normalised.
  if (p != std::string::npos && s.size() - p == 3) s.insert(p + 2, "0");
  return s;
}

std::string Normalised(double d) {
  int e;
  double m = std::frexp(d, &e);
  if (d == 0 || std::isinf(d) || e > -1022) return HexFloat(d);
  std::string s = HexFloat(m * 2);
  s.erase(s.find('p'));
  char text[16];
  std::snprintf(text, sizeof text, "p%+03d", e - 1);
  return s + text;
}

std::string Flag(bool b) {
  return b ? " true" : " false";
}

std::string Show(ConstantPool& pool, Constant v) {
  std::string s = pool.String(v) + "\t" + pool.ExactString(v);
  if (v.kind() == ConstantKind::kInt || v.kind() == ConstantKind::kFloat) {
    bool e64, e32;
    double f64 = pool.Float64Val(v, &e64);
    float f32 = pool.Float32Val(v, &e32);
    s += "\t" + Normalised(f64) + Flag(e64 && f64 != 0) + "\t" + HexFloat(f32) + Flag(e32 && f32 != 0) +
         "\t" + std::to_string(pool.Sign(v));
    s += "\t" + pool.String(pool.ToInt(v)) + "\t" + pool.ExactString(pool.ToFloat(v));
    s += "\t" + pool.String(pool.Num(v)) + "\t" + pool.String(pool.Denom(v));
  }
  if (v.kind() == ConstantKind::kInt) {
    bool iok, uok;
    int64_t i = pool.Int64Val(v, &iok);
    uint64_t u = pool.Uint64Val(v, &uok);
    s += "\t" + std::to_string(iok ? i : 0) + Flag(iok) + "\t" + std::to_string(uok ? u : 0) + Flag(uok) +
         "\t" + std::to_string(pool.BitLen(v));
  }
  return s;
}

std::vector<std::string> Split(const std::string& line, size_t fields) {
  std::vector<std::string> out;
  size_t at = 0;
  while (out.size() + 1 < fields) {
    size_t tab = line.find('\t', at);
    out.push_back(line.substr(at, tab - at));
    at = tab + 1;
  }
  out.push_back(line.substr(at));
  return out;
}

}  // namespace

TEST_CASE("constants answer as go/constant does") {
  std::ifstream file(ESCAPEMENT_SOURCE_DIR "/tests/unit/base/testdata/constants.txt");
  REQUIRE(file);
  ConstantPool pool;
  const std::map<std::string, ConstantOp> ops = {
      {"add", ConstantOp::kAdd},       {"sub", ConstantOp::kSub},       {"mul", ConstantOp::kMul},
      {"quo", ConstantOp::kQuo},       {"intquo", ConstantOp::kIntQuo}, {"rem", ConstantOp::kRem},
      {"and", ConstantOp::kAnd},       {"or", ConstantOp::kOr},         {"xor", ConstantOp::kXor},
      {"andnot", ConstantOp::kAndNot}, {"fadd", ConstantOp::kAdd},      {"fsub", ConstantOp::kSub},
      {"fmul", ConstantOp::kMul},      {"fquo", ConstantOp::kQuo}};
  std::string line;
  int lines = 0;
  while (std::getline(file, line)) {
    ++lines;
    CAPTURE(line);
    if (line.starts_with("lit\t") || line.starts_with("neg\t")) {
      std::vector<std::string> f = Split(line, 4);
      Constant v = pool.MakeFromLiteral(f[1], static_cast<LiteralKind>(std::stoi(f[2])));
      if (f[0] == "neg") v = pool.UnaryOp(ConstantOp::kSub, v);
      CHECK(Show(pool, v) == f[3]);
      continue;
    }
    std::vector<std::string> f = Split(line, 5);
    LiteralKind kind = f[0][0] == 'f' || f[0][0] == 'c' ? LiteralKind::kFloat : LiteralKind::kInt;
    Constant x = pool.MakeFromLiteral(f[1], kind);
    int sign = std::stoi(f[3]);
    if (f[0] == "shl") {
      CHECK(Show(pool, pool.Shift(x, ConstantOp::kShl, std::stoul(f[2]))) == f[4]);
    } else if (f[0] == "shr") {
      CHECK(Show(pool, pool.Shift(pool.UnaryOp(ConstantOp::kSub, x), ConstantOp::kShr, std::stoul(f[2]))) ==
            f[4]);
    } else if (f[0] == "not") {
      CHECK(Show(pool, pool.UnaryOp(ConstantOp::kXor, x, std::stoul(f[2]))) == f[4]);
    } else {
      Constant y = pool.MakeFromLiteral(f[2], kind);
      if (sign & 1) x = pool.UnaryOp(ConstantOp::kSub, x);
      if (sign & 2) y = pool.UnaryOp(ConstantOp::kSub, y);
      if (f[0].starts_with("cmp")) {
        ConstantOp op = f[0] == "cmp=="  ? ConstantOp::kEql
                        : f[0] == "cmp<" ? ConstantOp::kLss
                                         : ConstantOp::kGeq;
        CHECK(Flag(pool.Compare(x, op, y)).substr(1) == f[4]);
      } else {
        CHECK(Show(pool, pool.BinaryOp(x, ops.at(f[0]), y)) == f[4]);
      }
    }
  }
  CHECK(lines > 500);
}

TEST_CASE("strings are joined when read") {
  ConstantPool pool;
  Constant sum = pool.MakeString("");
  for (int i = 0; i < 100000; ++i) sum = pool.BinaryOp(sum, ConstantOp::kAdd, pool.MakeString("ab"));
  CHECK(sum.StringVal().size() == 200000);
  CHECK(sum.StringVal().substr(0, 4) == "abab");
  Constant right = pool.MakeString("x");
  for (int i = 0; i < 100000; ++i) right = pool.BinaryOp(pool.MakeString("y"), ConstantOp::kAdd, right);
  CHECK(right.StringVal().back() == 'x');
}

TEST_CASE("complex numbers") {
  ConstantPool pool;
  Constant i = pool.MakeFromLiteral("1i", LiteralKind::kImag);
  Constant minus_one = pool.BinaryOp(i, ConstantOp::kMul, i);
  CHECK(pool.String(minus_one) == "(-1 + 0i)");
  CHECK(pool.String(pool.ToInt(minus_one)) == "-1");
  CHECK(pool.ToInt(i).is_unknown());
  CHECK(pool.Compare(minus_one, ConstantOp::kEql, pool.MakeInt64(-1)));
  CHECK(pool.String(pool.BinaryOp(pool.MakeInt64(1), ConstantOp::kQuo, i)) == "(0 + -1i)");
}

TEST_CASE("absurd sizes answer at once") {
  ConstantPool pool;
  auto start = std::chrono::steady_clock::now();
  CHECK(pool.Shift(pool.MakeInt64(1), ConstantOp::kShl, 100000000).is_unknown());
  CHECK(pool.Shift(pool.MakeInt64(1), ConstantOp::kShl, ~uint64_t{0}).is_unknown());
  CHECK(pool.MakeFromLiteral("1e1000000000", LiteralKind::kFloat).is_unknown());
  CHECK(pool.MakeFromLiteral("1e99999999999999999999", LiteralKind::kFloat).is_unknown());
  CHECK(pool.Sign(pool.MakeFromLiteral("1e-999999999", LiteralKind::kFloat)) == 0);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(1));
}

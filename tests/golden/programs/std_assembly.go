// What the library has in assembly: hashes, vectors of math/big, ChaCha8; and the runtime's services to crypto.
package main

import (
	"crypto/ed25519"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"fmt"
	"math/big"
	"math/rand/v2"
	"net/netip"
	"strings"
)

func main() {
	text := []byte(strings.Repeat("escape analysis ", 37))
	fmt.Printf("%x\n%x\n%x\n%x\n", md5.Sum(text), sha1.Sum(text), sha256.Sum256(text), sha512.Sum512(text))

	// Products, quotients and shifts over several words.
	f := big.NewInt(1)
	for i := int64(2); i <= 60; i++ {
		f.Mul(f, big.NewInt(i))
	}
	q, r := new(big.Int).QuoRem(f, new(big.Int).Exp(big.NewInt(7), big.NewInt(41), nil), new(big.Int))
	fmt.Println(f, q, r)
	fmt.Println(new(big.Int).Lsh(q, 77), new(big.Int).Rsh(f, 131), new(big.Int).Sub(r, f))
	fmt.Println(new(big.Int).ModInverse(big.NewInt(12345), big.NewInt(1000003)), f.Bit(57), new(big.Int).Sqrt(f))
	fmt.Println(new(big.Rat).SetFrac(f, q).FloatString(12), new(big.Float).SetPrec(200).Sqrt(big.NewFloat(2)).Text('g', 50))

	random := rand.New(rand.NewChaCha8([32]byte([]byte("chacha8: 32-byte seed           "))))
	for range 5 {
		fmt.Print(random.Uint64(), " ")
	}
	fmt.Println(random.Perm(8))

	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	signature := ed25519.Sign(key, text)
	fmt.Println(ed25519.Verify(key.Public().(ed25519.PublicKey), text, signature), signature[0], signature[63])

	// unique.Make of a type with strings: abi.EscapeNonString is for the compiler only.
	fmt.Println(netip.MustParseAddr("fe80::1%eth0"), netip.MustParsePrefix("10.1.2.3/8").Masked())
}

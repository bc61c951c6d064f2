package ade_test

import (
	"fmt"
	"testing"

	"github.com/mdmlink/mdmlink/abm/ade"
)

func BenchmarkOpen(b *testing.B) {
	for _, segments := range []int{1, 40} {
		b.Run(fmt.Sprint(segments), func(b *testing.B) {
			file := maker{segments: segments}.file(b, certificate(b, pair(0)), plain.text())
			b.ReportAllocs()
			for b.Loop() {
				if _, err := ade.Open(file, pair(1), pair(0)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkKeyring(b *testing.B) {
	for _, size := range []int{1 << 10, 1 << 20} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			ring := keyring(b)
			plain := make([]byte, size)
			b.SetBytes(int64(size))
			b.ReportAllocs()
			for b.Loop() {
				sealed, err := ring.Seal(b.Context(), plain, place)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := ring.Open(b.Context(), sealed, place); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

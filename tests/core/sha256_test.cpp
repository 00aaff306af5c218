// SPDX-License-Identifier: Apache-2.0
#include "engine/core/sha256.h"

#include <gtest/gtest.h>

namespace vl {
namespace {

std::string of(const std::string& text) { return sha256Of(std::as_bytes(std::span(text))); }

TEST(Sha256, AgreesWithTheStandardsExamples) {
    EXPECT_EQ(of(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(of("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
              "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    EXPECT_EQ(of(std::string(1'000'000, 'a')), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, PiecesAreWhatTheWholeIs) {
    const std::string text(300, 'x');
    for (const std::size_t cut : {0u, 1u, 63u, 64u, 65u, 129u, 300u}) {
        Sha256 sum;
        sum.add(std::as_bytes(std::span(text).first(cut)));
        sum.add(std::as_bytes(std::span(text).subspan(cut)));
        EXPECT_EQ(sum.digest(), of(text)) << cut;
    }
}

}  // namespace
}  // namespace vl

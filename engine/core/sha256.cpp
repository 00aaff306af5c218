// SPDX-License-Identifier: Apache-2.0
#include "engine/core/sha256.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace vl {
namespace {

constexpr std::array<std::uint32_t, 64> kRound{
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98,
    0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
    0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8,
    0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
    0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819,
    0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
    0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
    0xc67178f2};

std::uint32_t bigEndian(const std::byte* data) {
    std::uint32_t value = 0;
    for (int i = 0; i < 4; ++i)
        value = value << 8 | static_cast<std::uint32_t>(data[i]);
    return value;
}

}  // namespace

void Sha256::block(const std::byte* data) {
    std::array<std::uint32_t, 64> w{};
    for (std::size_t i = 0; i < 16; ++i)
        w[i] = bigEndian(data + 4 * i);
    for (std::size_t i = 16; i < 64; ++i) {
        const auto a = std::rotr(w[i - 15], 7) ^ std::rotr(w[i - 15], 18) ^ (w[i - 15] >> 3);
        const auto b = std::rotr(w[i - 2], 17) ^ std::rotr(w[i - 2], 19) ^ (w[i - 2] >> 10);
        w[i] = w[i - 16] + a + w[i - 7] + b;
    }
    auto s = state_;
    for (std::size_t i = 0; i < 64; ++i) {
        const auto high = std::rotr(s[4], 6) ^ std::rotr(s[4], 11) ^ std::rotr(s[4], 25);
        const auto choice = (s[4] & s[5]) ^ (~s[4] & s[6]);
        const auto first = s[7] + high + choice + kRound[i] + w[i];
        const auto low = std::rotr(s[0], 2) ^ std::rotr(s[0], 13) ^ std::rotr(s[0], 22);
        const auto second = low + ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
        s = {first + second, s[0], s[1], s[2], s[3] + first, s[4], s[5], s[6]};
    }
    for (std::size_t i = 0; i < s.size(); ++i)
        state_[i] += s[i];
}

void Sha256::add(std::span<const std::byte> bytes) {
    total_ += bytes.size();
    while (!bytes.empty()) {
        if (restBytes_ == 0 && bytes.size() >= rest_.size()) {
            block(bytes.data());
            bytes = bytes.subspan(rest_.size());
            continue;
        }
        const auto taken = std::min(bytes.size(), rest_.size() - restBytes_);
        std::memcpy(rest_.data() + restBytes_, bytes.data(), taken);
        bytes = bytes.subspan(taken);
        restBytes_ = (restBytes_ + taken) % rest_.size();
        if (restBytes_ == 0) block(rest_.data());
    }
}

std::string Sha256::digest() {
    const std::uint64_t bits = total_ * 8;
    const std::byte one{0x80}, zero{0};
    add({&one, 1});
    while (restBytes_ != 56)
        add({&zero, 1});
    std::array<std::byte, 8> length{};
    for (std::size_t i = 0; i < 8; ++i)
        length[i] = static_cast<std::byte>(bits >> (56 - 8 * i));
    add(length);
    std::string text;
    for (const std::uint32_t word : state_)
        for (int shift = 28; shift >= 0; shift -= 4)
            text += "0123456789abcdef"[word >> shift & 15];
    return text;
}

std::string sha256Of(std::span<const std::byte> bytes) {
    Sha256 sum;
    sum.add(bytes);
    return sum.digest();
}

}  // namespace vl

// SPDX-License-Identifier: Apache-2.0
#include "engine/io/inflate.h"

#ifdef VL_HAVE_ZLIB
#include <zlib.h>
#endif

#include <algorithm>

#include "engine/core/error.h"

namespace vl {

#ifdef VL_HAVE_ZLIB

namespace {
constexpr std::size_t kStep = 1u << 30;  ///< zlib counts in 32 bits
constexpr int kRawWindow = -15;          ///< no header and no sum: zip has its own
}  // namespace

struct InflateStream::State {
    z_stream stream{};
    std::span<const std::byte> rest;
    ~State() { ::inflateEnd(&stream); }
};

InflateStream::InflateStream(std::span<const std::byte> packed) : state_(std::make_unique<State>()) {
    state_->rest = packed;
    if (::inflateInit2(&state_->stream, kRawWindow) != Z_OK)
        throw Error(ErrorCode::OutOfMemory, "There is no memory to unpack compressed data.", "Close other programs.");
}

std::size_t InflateStream::read(std::span<std::byte> out) {
    z_stream& z = state_->stream;
    std::size_t done = 0;
    while (done < out.size()) {
        if (z.avail_in == 0 && !state_->rest.empty()) {
            const auto part = std::min(state_->rest.size(), kStep);
            z.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(state_->rest.data()));
            z.avail_in = static_cast<uInt>(part);
            state_->rest = state_->rest.subspan(part);
        }
        const auto wanted = std::min(out.size() - done, kStep);
        z.next_out = reinterpret_cast<Bytef*>(out.data() + done);
        z.avail_out = static_cast<uInt>(wanted);
        const int result = ::inflate(&z, Z_NO_FLUSH);
        done += wanted - z.avail_out;
        if (result != Z_OK) break;  // the end, damage, or nothing left to read
    }
    return done;
}

#else

struct InflateStream::State {};

InflateStream::InflateStream(std::span<const std::byte>) {
    throw Error(ErrorCode::Unsupported, "This build cannot unpack compressed arrays.",
                "Save them with numpy.savez instead of savez_compressed, or build with zlib.");
}

std::size_t InflateStream::read(std::span<std::byte>) { return 0; }

#endif

InflateStream::~InflateStream() = default;
InflateStream::InflateStream(InflateStream&&) noexcept = default;
InflateStream& InflateStream::operator=(InflateStream&&) noexcept = default;

}  // namespace vl

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <span>

namespace vl {

/// Unpacks deflated bytes (RFC 1951, as zip stores them) piece by piece.
class InflateStream {
public:
    /// `packed` must outlive the stream. Throws Error(Unsupported) in builds without zlib.
    explicit InflateStream(std::span<const std::byte> packed);
    ~InflateStream();
    InflateStream(InflateStream&&) noexcept;
    InflateStream& operator=(InflateStream&&) noexcept;

    /// Fills `out`; returns less at the end of the data and where they are damaged.
    std::size_t read(std::span<std::byte> out);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace vl

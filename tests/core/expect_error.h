// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <optional>

#include "engine/core/error.h"

namespace vl::test {

/// Runs `action`, which must throw vl::Error of that code with a sentence; returns it for a closer look.
template <typename Action>
Error expectError(ErrorCode code, Action&& action) {
    try {
        action();
    } catch (const Error& error) {
        EXPECT_EQ(static_cast<int>(error.code()), static_cast<int>(code)) << error.message();
        EXPECT_FALSE(error.message().empty());
        return error;
    }
    ADD_FAILURE() << "nothing was thrown";
    return {code, "nothing was thrown"};
}

/// Runs `action`; vl::Error is the only exception that may come out. True when it succeeded.
template <typename Action>
bool survives(Action&& action) {
    try {
        action();
        return true;
    } catch (const Error& error) {
        EXPECT_FALSE(error.message().empty());
    }
    return false;
}

inline bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace vl::test

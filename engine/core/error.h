// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace vl {

/// What kind of thing went wrong; callers branch on it, people read the message.
enum class ErrorCode {
    Usage,        ///< the request itself is wrong (unknown key, bad value)
    NotFound,     ///< a file, preset or data set is not there
    BadFile,      ///< a file is there but is not what it should be
    Mismatch,     ///< two things that must fit do not (checkpoint and model, image and model)
    OutOfMemory,
    NonFinite,    ///< a loss or weight became NaN or infinite
    Cancelled,
    Unsupported,  ///< this build or machine cannot do it
    Internal,
};

/// The one exception family of the engine. `message` says in one sentence what happened and where,
/// `hint` says in one sentence what to do about it (may be empty).
class Error : public std::runtime_error {
public:
    Error(ErrorCode code, const std::string& message, std::string hint = {})
        : std::runtime_error(message), code_(code), hint_(std::move(hint)) {}

    ErrorCode code() const { return code_; }
    std::string message() const { return what(); }
    const std::string& hint() const { return hint_; }

private:
    ErrorCode code_;
    std::string hint_;
};

}  // namespace vl

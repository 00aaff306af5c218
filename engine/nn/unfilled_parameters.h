// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace vl {

/// While one lives, trained tensors that lists of its thread make hold whatever the memory held: for models whose
/// every trained tensor is about to be read from a file, which saves writing large models twice.
class UnfilledParameters {
public:
    explicit UnfilledParameters(bool wanted = true);
    ~UnfilledParameters();
    UnfilledParameters(const UnfilledParameters&) = delete;
    UnfilledParameters& operator=(const UnfilledParameters&) = delete;

private:
    bool before_;
};

}  // namespace vl

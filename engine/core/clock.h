// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

namespace vl {

/// Time source of everything that measures or waits, so that tests need no sleep.
class Clock {
public:
    virtual ~Clock() = default;
    /// Seconds since an arbitrary fixed point; never goes back.
    virtual double seconds() const = 0;
    /// Seconds since the Unix epoch, for records.
    virtual double wallSeconds() const = 0;
};

class SystemClock final : public Clock {
public:
    double seconds() const override {
        return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
    }
    double wallSeconds() const override {
        return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
    }
};

/// Stands still until told otherwise.
class ManualClock final : public Clock {
public:
    double seconds() const override { return now_; }
    double wallSeconds() const override { return 1.7e9 + now_; }
    void advance(double seconds) { now_ += seconds; }

private:
    double now_ = 0;
};

}  // namespace vl

// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace vl {

/// Keeps side work (looking inside a model) to a share of the time of the main work: every second of training earns
/// `share` seconds, every look spends what it took. Debt is allowed, so that a look that costs more than expected is
/// paid back before the next one. Times in seconds.
class ShareBudget {
public:
    explicit ShareBudget(double share = 0.03) : share_(share) {}

    void setShare(double share) { share_ = share; }
    /// Main work took this long.
    void earn(double seconds);
    /// Side work took this long.
    void spend(double seconds);
    /// Whether the next look, expected to cost what the last ones did, is paid for.
    bool affordable() const { return share_ > 0 && balance_ >= expected_; }
    double balance() const { return balance_; }

private:
    double share_;
    double balance_ = 0.05;  // a first look soon after the start
    double expected_ = 0;
};

}  // namespace vl

// SPDX-License-Identifier: Apache-2.0
#include "engine/diffusion/beta_schedule.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numbers>
#include <string>

#include "engine/core/error.h"
#include "engine/core/text.h"

namespace vl {
namespace {

constexpr int kMostSteps = 100000;

[[noreturn]] void refuse(std::string_view respacing, const std::string& why) {
    throw Error(ErrorCode::Usage, "Step spacing '" + printable(std::string(respacing)) + "' " + why + ".",
                "Give a number of steps such as 50, one count a section such as 10,5,5, or ddim50.");
}

int countOf(std::string_view text, std::string_view respacing) {
    int count = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (problem != std::errc{} || end != text.data() + text.size() || count < 0) refuse(respacing, "is not readable");
    return count;
}

std::vector<int> strided(int steps, std::string_view respacing) {
    const int wanted = countOf(respacing.substr(4), respacing);
    for (int stride = 1; stride < steps; ++stride) {
        if ((steps + stride - 1) / stride != wanted) continue;
        std::vector<int> kept;
        for (int step = 0; step < steps; step += stride)
            kept.push_back(step);
        return kept;
    }
    refuse(respacing, "has no whole stride through " + std::to_string(steps) + " steps");
}

std::vector<int> sectionCounts(std::string_view respacing) {
    std::vector<int> counts;
    for (std::string_view rest = respacing;;) {
        const std::size_t comma = rest.find(',');
        counts.push_back(countOf(rest.substr(0, comma), respacing));
        if (comma == std::string_view::npos) return counts;
        rest.remove_prefix(comma + 1);
    }
}

double cosineShare(double time) {
    const double cosine = std::cos((time + 0.008) / 1.008 * std::numbers::pi / 2);
    return cosine * cosine;
}

}  // namespace

std::vector<double> betaSchedule(BetaSchedule schedule, int steps) {
    if (steps < 1 || steps > kMostSteps || (schedule == BetaSchedule::Linear && steps <= 20))
        throw Error(ErrorCode::Usage, "A diffusion process of " + std::to_string(steps) + " steps is not possible.",
                    "The published one has 1000; fewer are visited through respacing.");
    std::vector<double> betas(static_cast<std::size_t>(steps));
    const double first = 1e-4 * 1000 / steps, last = 0.02 * 1000 / steps;
    for (int i = 0; i < steps; ++i) {
        double& beta = betas[static_cast<std::size_t>(i)];
        if (schedule == BetaSchedule::Linear) {
            beta = first + i * ((last - first) / (steps - 1));
        } else {
            const double before = static_cast<double>(i) / steps, after = static_cast<double>(i + 1) / steps;
            beta = std::min(1 - cosineShare(after) / cosineShare(before), 0.999);
        }
    }
    return betas;
}

std::vector<int> respacedSteps(int steps, std::string_view respacing) {
    if (respacing.starts_with("ddim")) return strided(steps, respacing);
    const std::vector<int> counts = respacing.empty() ? std::vector<int>{steps} : sectionCounts(respacing);
    const int sections = static_cast<int>(counts.size());
    std::vector<int> kept;
    int start = 0;
    for (int section = 0; section < sections; ++section) {
        const int size = steps / sections + (section < steps % sections ? 1 : 0);
        const int count = counts[static_cast<std::size_t>(section)];
        if (count > size) refuse(respacing, "asks for more steps than a section has");
        const double stride = count <= 1 ? 1 : static_cast<double>(size - 1) / (count - 1);
        double position = 0;
        for (int i = 0; i < count; ++i, position += stride)
            kept.push_back(start + static_cast<int>(std::nearbyint(position)));  // halves go to the even step
        start += size;
    }
    if (kept.empty()) refuse(respacing, "keeps no step");
    return kept;
}

std::vector<double> respacedBetas(const std::vector<double>& betas, const std::vector<int>& kept) {
    std::vector<double> respaced;
    double share = 1, lastShare = 1;
    std::size_t next = 0;
    for (std::size_t step = 0; step < betas.size() && next < kept.size(); ++step) {
        share *= 1 - betas[step];
        if (kept[next] != static_cast<int>(step)) continue;
        respaced.push_back(1 - share / lastShare);
        lastShare = share;
        ++next;
    }
    return respaced;
}

DiffusionTables::DiffusionTables(std::vector<double> given) : betas(std::move(given)) {
    const std::size_t steps = betas.size();
    double share = 1;
    for (const double beta : betas) {
        alphasCumprodPrev.push_back(share);
        share *= 1 - beta;
        alphasCumprod.push_back(share);
    }
    for (std::size_t i = 0; i < steps; ++i) {
        const double now = alphasCumprod[i], before = alphasCumprodPrev[i];
        alphasCumprodNext.push_back(i + 1 < steps ? alphasCumprod[i + 1] : 0);
        sqrtAlphasCumprod.push_back(std::sqrt(now));
        sqrtOneMinusAlphasCumprod.push_back(std::sqrt(1 - now));
        logOneMinusAlphasCumprod.push_back(std::log(1 - now));
        sqrtRecipAlphasCumprod.push_back(std::sqrt(1 / now));
        sqrtRecipm1AlphasCumprod.push_back(std::sqrt(1 / now - 1));
        posteriorVariance.push_back(betas[i] * (1 - before) / (1 - now));
        posteriorMeanCoef1.push_back(betas[i] * std::sqrt(before) / (1 - now));
        posteriorMeanCoef2.push_back((1 - before) * std::sqrt(1 - betas[i]) / (1 - now));
    }
    for (std::size_t i = 0; i < steps; ++i) {
        const double single = steps > 1 ? posteriorVariance[1] : betas[0];  // one step alone has no second variance
        posteriorLogVarianceClipped.push_back(std::log(i == 0 ? single : posteriorVariance[i]));
    }
}

}  // namespace vl

// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <ATen/TensorOperators.h>

#include "engine/core/error.h"
#include "engine/core/text.h"
#include "engine/diffusion/ode_solver.h"
#include "engine/verify/diffusion_case_parts.h"

namespace vl {
namespace {

using nlohmann::json;

constexpr double kTolerance = 1e-10;
constexpr int kPoints = 11;  // the case's "times": linspace(0, 1.0, 11)

struct Run {
    std::vector<double> times;       ///< of every evaluation
    std::vector<at::Tensor> states;  ///< at every point of the grid
};

Run solve(const OdeSettings& settings, const at::Tensor& start) {
    Run run{{}, {start}};
    const OdeSolver solver(settings, [&run](double t, const at::Tensor& x) {
        run.times.push_back(t);
        return std::cos(3 * t) * x - 0.3 * x.pow(3) + 0.5 * std::sin(2 * t);  // the case's "drift"
    });
    OdeMemory memory;
    for (int i = 0; i + 1 < kPoints; ++i)
        run.states.push_back(solver.advance(run.states.back(), i / (kPoints - 1.0), (i + 1) / (kPoints - 1.0), memory));
    return run;
}

/// Long lists were cut to the first 24 and the last 4.
std::vector<double> asRecorded(const std::vector<double>& times) {
    if (times.size() < 40) return times;
    std::vector<double> cut(times.begin(), times.begin() + 24);
    cut.insert(cut.end(), times.end() - 4, times.end());
    return cut;
}

}  // namespace

void replayOdeSolvers(const json& recorded, CaseReport& report) {
    const at::Tensor start = doubles(recorded.at("x0").get<std::vector<double>>());
    for (const json& expected : recorded.at("runs")) {
        OdeSettings settings;
        const auto method = expected.at("method").get<std::string>();
        settings.method = odeMethodNamed(method);
        settings.rtol = expected.value("rtol", settings.rtol);
        settings.atol = expected.value("atol", settings.atol);
        const std::string name = method + (expected.contains("rtol") ? " " + formatNumber(settings.rtol) : "");
        const Run run = solve(settings, start);
        report.number(name + " evaluations", expected.at("evaluations"), static_cast<double>(run.times.size()), 0);
        report.values(name + " times", expected.at("evaluation_times"), doubles(asRecorded(run.times)), kTolerance);
        const json& at = expected.at("x_at");
        for (std::size_t i = 0; i < at.size(); ++i)
            report.values(name + " x at " + at[i].dump(), expected.at("x").at(i),
                          run.states.at(static_cast<std::size_t>(countIn(at[i], kPoints - 1))), kTolerance);
    }
}

}  // namespace vl

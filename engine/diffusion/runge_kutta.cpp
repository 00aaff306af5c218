// SPDX-License-Identifier: Apache-2.0
#include "engine/diffusion/runge_kutta.h"

#include <array>
#include <string>
#include <utility>

#include "engine/core/error.h"
#include "engine/core/text.h"

namespace vl {
namespace {

const RungeKutta& dormandPrince() {
    static const RungeKutta table{
        5,
        {1.0 / 5, 3.0 / 10, 4.0 / 5, 8.0 / 9, 1, 1},
        {{1.0 / 5},
         {3.0 / 40, 9.0 / 40},
         {44.0 / 45, -56.0 / 15, 32.0 / 9},
         {19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729},
         {9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656},
         {35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84}},
        {35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84, 0},
        // Against the fourth-order weights of Shampine's pair.
        {35.0 / 384 - 1951.0 / 21600, 0, 500.0 / 1113 - 22642.0 / 50085, 125.0 / 192 - 451.0 / 720,
         -2187.0 / 6784 + 12231.0 / 42400, 11.0 / 84 - 649.0 / 6300, -1.0 / 60},
        {6025192743.0 / 30085553152.0 / 2, 0, 51252292925.0 / 65400821598.0 / 2, -2691868925.0 / 45128329728.0 / 2,
         187940372067.0 / 1594534317056.0 / 2, -1776094331.0 / 19743644256.0 / 2, 11237099.0 / 235043384.0 / 2}};
    return table;
}

const RungeKutta& bogackiShampine() {
    static const RungeKutta table{3,
                                  {1.0 / 2, 3.0 / 4, 1},
                                  {{1.0 / 2}, {0, 3.0 / 4}, {2.0 / 9, 1.0 / 3, 4.0 / 9}},
                                  {2.0 / 9, 1.0 / 3, 4.0 / 9, 0},
                                  {2.0 / 9 - 7.0 / 24, 1.0 / 3 - 1.0 / 4, 4.0 / 9 - 1.0 / 3, -1.0 / 8},
                                  {0, 0.5, 0, 0}};
    return table;
}

}  // namespace

const RungeKutta& rungeKutta(OdeMethod method) {
    static const RungeKutta euler{1, {}, {}, {1}, {}, {}};
    static const RungeKutta midpoint{2, {0.5}, {{0.5}}, {0, 1}, {}, {}};
    static const RungeKutta heun2{2, {1}, {{1}}, {0.5, 0.5}, {}, {}};
    static const RungeKutta heun3{3, {1.0 / 3, 2.0 / 3}, {{1.0 / 3}, {0, 2.0 / 3}}, {0.25, 0, 0.75}, {}, {}};
    static const RungeKutta rk4{
        4, {1.0 / 3, 2.0 / 3, 1}, {{1.0 / 3}, {-1.0 / 3, 1}, {1, -1, 1}}, {1.0 / 8, 3.0 / 8, 3.0 / 8, 1.0 / 8}, {}, {}};
    static const RungeKutta adaptiveHeun{2, {1}, {{1}}, {0.5, 0.5}, {0.5, -0.5}, {0.5, 0}};
    switch (method) {
        case OdeMethod::Euler:
            return euler;
        case OdeMethod::Midpoint:
            return midpoint;
        case OdeMethod::Heun2:
            return heun2;
        case OdeMethod::Heun3:
            return heun3;
        case OdeMethod::Rk4:
            return rk4;
        case OdeMethod::Bosh3:
            return bogackiShampine();
        case OdeMethod::AdaptiveHeun:
            return adaptiveHeun;
        case OdeMethod::Dopri5:
            break;
    }
    return dormandPrince();
}

bool isAdaptive(OdeMethod method) { return !rungeKutta(method).error.empty(); }

OdeMethod odeMethodNamed(std::string_view name) {
    constexpr std::array<std::pair<std::string_view, OdeMethod>, 8> known{{{"euler", OdeMethod::Euler},
                                                                           {"midpoint", OdeMethod::Midpoint},
                                                                           {"heun2", OdeMethod::Heun2},
                                                                           {"heun3", OdeMethod::Heun3},
                                                                           {"rk4", OdeMethod::Rk4},
                                                                           {"dopri5", OdeMethod::Dopri5},
                                                                           {"bosh3", OdeMethod::Bosh3},
                                                                           {"adaptive_heun", OdeMethod::AdaptiveHeun}}};
    std::string list;
    for (const auto& [spelling, method] : known) {
        if (spelling == name) return method;
        list += (list.empty() ? "" : ", ") + std::string(spelling);
    }
    throw Error(ErrorCode::Usage, "There is no solver '" + printable(std::string(name)) + "'.",
                "Known ones are " + list + ".");
}

}  // namespace vl

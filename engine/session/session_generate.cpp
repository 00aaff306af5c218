// SPDX-License-Identifier: Apache-2.0
// Making samples, and the film of a training denoiser.
#include <utility>

#include "engine/session/session.h"

namespace vl {
namespace {

constexpr const char* kNoGenerator = "This engine cannot make samples.";
constexpr const char* kNoGeneratorHint = "Use the full program.";

}  // namespace

void Session::generate(const SampleRequest&) { notice(Notice::Kind::Error, kNoGenerator, kNoGeneratorHint); }

void Session::pauseGeneration() {}

void Session::continueGeneration() {}

void Session::stepGeneration() {}

void Session::stopGeneration() {}

void Session::examineCell(const CellQuestion&) {}

void Session::exportResult(const ExportRequest&) { notice(Notice::Kind::Error, kNoGenerator, kNoGeneratorHint); }

GenerationLook Session::generation(std::uint64_t, std::size_t) const { return {}; }

std::shared_ptr<const CellAnswer> Session::cellAnswer() const { return nullptr; }

std::vector<std::shared_ptr<const FilmFrame>> Session::film(std::uint64_t generation, std::size_t from) const {
    return store_.film(generation, from);
}

}  // namespace vl

// SPDX-License-Identifier: Apache-2.0
// Segmenting and searching pictures, and the overlays of a training dense model.
#include <utility>

#include "engine/session/session.h"

namespace vl {

void Session::lookAtPictures(const DenseRequest& request) {
    notice(Notice::Kind::Error, "This engine cannot segment or search pictures.", "Use the full program.", request.id);
}

void Session::cancelPictures(ModelTask) {}

void Session::askAboutRegion(const RegionQuestion&) {}

void Session::exportPictures(const DenseExport&) {
    notice(Notice::Kind::Error, "There are no pictures to export.", "Open some first.");
}

DenseLook Session::pictures(ModelTask) const { return {}; }

std::shared_ptr<const RegionAnswer> Session::regionAnswer() const { return nullptr; }

std::vector<std::shared_ptr<const DenseFrame>> Session::denseFrames(std::uint64_t generation, std::size_t from) const {
    return store_.denseFrames(generation, from);
}

}  // namespace vl

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/detect/shown_objects.h"

#include <QCoreApplication>

namespace vl {
namespace {

QString words(const char* text) { return QCoreApplication::translate("ShownObjects", text); }

template <typename Object>
ObjectMark markOf(const Object& object, const ClassList& classes, int index, int mask) {
    ObjectMark mark;
    mark.index = index;
    mark.mask = object.mask.empty() ? -1 : mask;
    mark.box = object.box;
    mark.colour = classColourOf(classes, object.label);
    mark.name = classNameOf(classes, object.label);
    return mark;
}

}  // namespace

QString classNameOf(const ClassList& classes, int label) {
    return label >= 0 && label < std::ssize(classes.names) ? QString::fromStdString(classes.names[std::size_t(label)])
                                                           : words("class %1").arg(label);
}

QColor classColourOf(const ClassList& classes, int label) {
    const Colour c = label >= 0 && label < std::ssize(classes.colours) ? classes.colours[std::size_t(label)]
                                                                       : classColour(std::max(label, 0));
    return QColor(c[0], c[1], c[2]);
}

ShownObjects shownObjects(const DensePicture& picture, const ClassList& classes, const ObjectFilter& filter) {
    ShownObjects shown;
    shown.judged = picture.truthObjects.has_value();
    static const std::vector<TrueObject> none;
    const auto& truth = shown.judged ? *picture.truthObjects : none;
    ObjectFates fates;
    if (shown.judged) fates = objectFates(picture.objects, truth, filter.threshold);
    const auto passes = [&](ObjectFate fate) { return !shown.judged || filter.fates[std::size_t(fate)]; };
    const auto masks = static_cast<int>(picture.objects.size());
    for (int i = 0; i < std::ssize(picture.objects); ++i) {
        const FoundObject& object = picture.objects[std::size_t(i)];
        if (object.score < filter.threshold) continue;
        ++shown.found;
        const ObjectFate fate = shown.judged ? fates.found[std::size_t(i)] : ObjectFate::Hit;
        ++shown.counts[std::size_t(fate)];
        if (filter.side == ShownSide::Truth || filter.muted.contains(object.label) || !passes(fate)) continue;
        ObjectMark mark = markOf(object, classes, i, i);
        mark.score = object.score;
        if (fate == ObjectFate::False) mark.fate = words("false");
        const int match = fate == ObjectFate::Confused ? fates.match[std::size_t(i)] : -1;
        if (match >= 0) mark.fate = words("is %1").arg(classNameOf(classes, truth[std::size_t(match)].label));
        shown.marks.push_back(std::move(mark));
    }
    for (int i = 0; i < std::ssize(truth); ++i) {
        const TrueObject& object = truth[std::size_t(i)];
        const bool missed = fates.truth[std::size_t(i)] == ObjectFate::Missed;
        if (missed) ++shown.counts[std::size_t(ObjectFate::Missed)];
        if (filter.muted.contains(object.label)) continue;
        ObjectMark mark = markOf(object, classes, i, masks + i);
        mark.truth = true;
        if (object.crowd) mark.fate = words("crowd");
        if (filter.side == ShownSide::Truth) {
            mark.truth = false;  // nothing to tell it from: solid
            shown.marks.push_back(std::move(mark));
        } else if (missed && passes(ObjectFate::Missed)) {
            mark.fate = words("missed");
            mark.mask = -1;
            shown.marks.push_back(std::move(mark));
        } else if (filter.side == ShownSide::Both && passes(fates.truth[std::size_t(i)])) {
            shown.truth.push_back(std::move(mark));
        }
    }
    return shown;
}

}  // namespace vl

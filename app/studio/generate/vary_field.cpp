// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/generate/vary_field.h"

#include <algorithm>

#include <QComboBox>
#include <QLineEdit>
#include <QMenu>
#include <QVBoxLayout>

#include "app/studio/generate/form_line.h"
#include "widgets/buttons.h"
#include "widgets/theme.h"

namespace vl {
namespace {

struct Choice {
    Vary vary;
    const char* text;
};
constexpr Choice kChoices[] = {{Vary::Nothing, QT_TRANSLATE_NOOP("vl::VaryField", "Nothing")},
                               {Vary::Class, QT_TRANSLATE_NOOP("vl::VaryField", "Class")},
                               {Vary::Seed, QT_TRANSLATE_NOOP("vl::VaryField", "Seed")},
                               {Vary::Guidance, QT_TRANSLATE_NOOP("vl::VaryField", "Guidance")},
                               {Vary::Steps, QT_TRANSLATE_NOOP("vl::VaryField", "Steps")},
                               {Vary::Sampler, QT_TRANSLATE_NOOP("vl::VaryField", "Method")},
                               {Vary::Eta, QT_TRANSLATE_NOOP("vl::VaryField", "Eta")},
                               {Vary::Noise, QT_TRANSLATE_NOOP("vl::VaryField", "Added noise")},
                               {Vary::SeedMix, QT_TRANSLATE_NOOP("vl::VaryField", "Between two seeds")},
                               {Vary::LabelMix, QT_TRANSLATE_NOOP("vl::VaryField", "Between two classes")}};

}  // namespace

VaryField::VaryField(const QString& label, QWidget* parent)
    : QWidget(parent),
      vary_(new QComboBox),
      values_(new QLineEdit),
      pick_(makeIconButton(QStringLiteral("list"), tr("Choose classes"))) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    for (const Choice& each : kChoices)
        vary_->addItem(tr(each.text), static_cast<int>(each.vary));
    pick_->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    values_->setFont(Theme::monoFont(12));
    values_->setMinimumWidth(60);
    layout->addWidget(formLine(label, {vary_}));
    valuesRow_ = formLine(tr("Values"), {values_, pick_});
    values_->setAccessibleName(tr("%1, values").arg(label));
    layout->addWidget(valuesRow_);
    connect(vary_, &QComboBox::currentIndexChanged, this, [this] {
        if (!setting_) values_->setText(usualValues(vary()));
        refresh();
        if (!setting_) Q_EMIT edited();
    });
    connect(values_, &QLineEdit::textEdited, this, &VaryField::edited);
    connect(pick_, &QToolButton::clicked, this, &VaryField::pickClasses);
    refresh();
}

Vary VaryField::vary() const { return static_cast<Vary>(vary_->currentData().toInt()); }

QString VaryField::usualValues(Vary vary) {
    switch (vary) {
        case Vary::Seed:
            return QStringLiteral("0-3");
        case Vary::Guidance:
            return QStringLiteral("1 2 4 8");
        case Vary::Steps:
            return QStringLiteral("5 10 25 50");
        case Vary::Eta:
            return QStringLiteral("0 0.5 1");
        case Vary::Noise:
            return QStringLiteral("0.5 1 2");
        case Vary::SeedMix:
        case Vary::LabelMix:
            return QStringLiteral("0-1:7");
        default:
            return {};
    }
}

void VaryField::refresh() {
    const Vary now = vary();
    valuesRow_->setVisible(now != Vary::Nothing);
    pick_->setVisible(now == Vary::Class);
    values_->setPlaceholderText(now == Vary::Class     ? tr("the first ten")
                                : now == Vary::Sampler ? tr("euler heun")
                                                       : QString());
}

std::vector<std::string> VaryField::values() const {
    const QString text = values_->text().trimmed();
    if (text.isEmpty() || vary() == Vary::Nothing) return {};
    return {text.toStdString()};
}

void VaryField::set(Vary vary, const std::vector<std::string>& values) {
    setting_ = true;
    vary_->setCurrentIndex(std::max(0, vary_->findData(static_cast<int>(vary))));
    QStringList texts;
    for (const std::string& each : values)
        texts << QString::fromStdString(each);
    values_->setText(texts.join(QStringLiteral(", ")));
    refresh();
    setting_ = false;
}

void VaryField::setClassNames(const std::vector<std::string>& names) {
    if (names == classNames_) return;
    const bool old = vary() == Vary::Class && !classNames_.empty();
    classNames_ = names;
    if (old) values_->clear();  // another model's names
    pick_->setEnabled(!names.empty());
    pick_->setToolTip(names.empty() ? tr("The model names no classes; type their numbers.") : tr("Choose classes"));
}

void VaryField::takeClasses(const QStringList& names) {
    values_->setText(names.join(QStringLiteral(", ")));
    Q_EMIT edited();
}

void VaryField::pickClasses() {
    QStringList chosen, all;
    for (const QString& each : values_->text().split(QLatin1Char(','), Qt::SkipEmptyParts))
        chosen << each.trimmed();
    for (const std::string& each : classNames_)
        all << QString::fromStdString(each);
    QMenu menu(this);
    connect(menu.addAction(tr("All classes")), &QAction::triggered, this, [this, all] { takeClasses(all); });
    menu.addSeparator();
    constexpr int most = 40;  // more do not fit a menu; they are typed
    for (const QString& name : all.mid(0, most)) {
        QAction* action = menu.addAction(name);
        action->setCheckable(true);
        action->setChecked(chosen.contains(name, Qt::CaseInsensitive));
        connect(action, &QAction::toggled, this, [this, name, all](bool on) {
            QStringList now;
            for (const QString& each : values_->text().split(QLatin1Char(','), Qt::SkipEmptyParts))
                now << each.trimmed();
            now.removeAll(name);
            if (on) now << name;
            takeClasses(now);
        });
    }
    menu.exec(pick_->mapToGlobal(QPoint(0, pick_->height())));
}

}  // namespace vl

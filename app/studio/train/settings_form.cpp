// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/train/settings_form.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QVBoxLayout>
#include <QWheelEvent>
#include <algorithm>
#include <type_traits>

#include "app/studio/train/setting_effect.h"
#include "engine/api/model_spec.h"
#include "engine/core/error.h"
#include "widgets/buttons.h"
#include "widgets/labels.h"
#include "widgets/number_field.h"

namespace vl {
namespace {

struct Section {
    const char* prefix;
    const char* title;
    int column;
};
constexpr Section kSections[] = {
    {"train", QT_TRANSLATE_NOOP("SettingsForm", "Optimiser"), 0},
    {"soft_mask", QT_TRANSLATE_NOOP("SettingsForm", "Soft mask"), 1},
    {"generate", QT_TRANSLATE_NOOP("SettingsForm", "Generation"), 1},
    {"eval", QT_TRANSLATE_NOOP("SettingsForm", "Evaluation"), 1},
    {"checkpoint", QT_TRANSLATE_NOOP("SettingsForm", "Checkpoints"), 1},
    {"inspect", QT_TRANSLATE_NOOP("SettingsForm", "Looking inside"), 1},
    {"data", QT_TRANSLATE_NOOP("SettingsForm", "Data"), 0},
    {"model", QT_TRANSLATE_NOOP("SettingsForm", "Model"), 1},
};

/// A combo box that lets the form scroll instead of changing under the wheel.
class CalmCombo final : public QComboBox {
public:
    using QComboBox::QComboBox;

protected:
    void wheelEvent(QWheelEvent* event) override { event->ignore(); }
};

QString upperFirst(std::string_view text) {
    QString out = QString::fromUtf8(text.data(), qsizetype(text.size()));
    if (!out.isEmpty()) out[0] = out[0].toUpper();
    return out;
}

/// Classifiers, then denoisers; what a run trains.
void addModels(QComboBox& combo) {
    for (const ModelTask task : {ModelTask::Classify, ModelTask::Generate}) {
        if (combo.count() > 0) combo.insertSeparator(combo.count());
        for (const ModelSpec& spec : presetsFor(task))
            combo.addItem(QString::fromStdString(spec.name), QString::fromStdString(spec.name));
    }
    combo.setMaxVisibleItems(24);
}

QString fromView(std::string_view text) { return QString::fromUtf8(text.data(), qsizetype(text.size())); }

}  // namespace

QString settingValueText(const SettingValue& value) {
    return std::visit(
        [](const auto& v) -> QString {
            using V = std::decay_t<decltype(v)>;
            if constexpr (std::is_same_v<V, bool>)
                return v ? QObject::tr("on") : QObject::tr("off");
            else if constexpr (std::is_same_v<V, std::int64_t>)
                return QString::number(v);
            else if constexpr (std::is_same_v<V, double>)
                return numberText(v);
            else if constexpr (std::is_same_v<V, std::string>)
                return QString::fromStdString(v);
            else
                return QObject::tr("%1 points").arg(v.size());
        },
        value);
}

SettingsForm::SettingsForm(Mode mode, int columns, QWidget* parent) : QWidget(parent), mode_(mode) {
    auto* outer = new QHBoxLayout(this);
    outer->setContentsMargins(16, 0, 6, 8);
    outer->setSpacing(40);
    std::vector<QVBoxLayout*> stacks;
    for (int i = 0; i < columns; ++i) {
        auto* stack = new QVBoxLayout;
        stack->setSpacing(0);
        outer->addLayout(stack, 1);
        stacks.push_back(stack);
    }
    for (const Section& section : kSections) {
        std::vector<const SettingField*> fields;
        for (const SettingField& field : settingFields())
            if (field.key.substr(0, field.key.find('.')) == section.prefix && field.key != section.prefix)
                fields.push_back(&field);
        if (fields.empty()) continue;
        // What can still change stands first.
        if (mode == Mode::Live)
            std::stable_sort(fields.begin(), fields.end(),
                             [](const auto* a, const auto* b) { return a->applies < b->applies; });
        QVBoxLayout* stack = stacks[std::size_t(std::min(section.column, columns - 1))];
        stack->addWidget(titles_[section.prefix] = makeSectionTitle(tr(section.title)));
        for (const SettingField* field : fields) {
            entries_.push_back(makeEntry(*field));
            stack->addWidget(entries_.back().row);
        }
    }
    for (QVBoxLayout* stack : stacks)
        stack->addStretch();
    connect(this, &SettingsForm::changed, this, &SettingsForm::refreshEffects);
    setBaseline(RunSettings());
}

SettingsForm::Entry SettingsForm::makeEntry(const SettingField& field) {
    Entry entry;
    entry.setting = &field;
    const auto touched = [this] {
        if (!showing_) Q_EMIT changed();
    };
    QWidget* editor = nullptr;
    const SettingValue sample = field.get(RunSettings());
    if (std::holds_alternative<bool>(sample)) {
        auto* box = new QCheckBox;
        entry.show = [box](const SettingValue& v) { box->setChecked(std::get<bool>(v)); };
        entry.read = [box] { return SettingValue(box->isChecked()); };
        connect(box, &QCheckBox::toggled, this, touched);
        editor = box;
    } else if (std::holds_alternative<std::int64_t>(sample) || std::holds_alternative<double>(sample)) {
        const bool integer = std::holds_alternative<std::int64_t>(sample);
        auto* number = new NumberField;
        number->setInteger(integer);
        number->setRange(field.min, field.max);
        number->setUnit(fromView(field.unit));
        entry.show = [number](const SettingValue& v) {
            number->setValue(std::holds_alternative<double>(v) ? std::get<double>(v)
                                                               : double(std::get<std::int64_t>(v)));
        };
        entry.read = [number, integer] {
            const double v = number->value().value_or(0);
            return integer ? SettingValue(std::int64_t(v)) : SettingValue(v);
        };
        connect(number, &QLineEdit::textChanged, this, touched);
        editor = number;
    } else if (std::holds_alternative<std::vector<ScheduleNode>>(sample)) {
        auto* button = makeButton({}, {}, ButtonKind::Normal);
        button->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
        button->setToolTip(tr("Draw it in the Schedules view"));
        auto shared = std::make_shared<SettingValue>(sample);
        entry.show = [button, shared](const SettingValue& v) {
            *shared = v;
            button->setText(settingValueText(v));
        };
        entry.read = [shared] { return *shared; };
        connect(button, &QPushButton::clicked, this, &SettingsForm::curveRequested);
        editor = button;
    } else if (!field.choices.empty() || field.key == "model.preset") {
        auto* combo = new CalmCombo;
        for (const std::string_view choice : field.choices)
            combo->addItem(choice == "fashion-mnist" ? QStringLiteral("Fashion-MNIST") : upperFirst(choice),
                           fromView(choice));
        if (field.key == "model.preset") addModels(*combo);
        combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        combo->setMinimumContentsLength(4);
        entry.show = [combo](const SettingValue& v) {
            const QString text = QString::fromStdString(std::get<std::string>(v));
            if (combo->findData(text) < 0) combo->addItem(text, text);
            combo->setCurrentIndex(combo->findData(text));
        };
        entry.read = [combo] { return SettingValue(combo->currentData().toString().toStdString()); };
        connect(combo, &QComboBox::currentIndexChanged, this, touched);
        editor = combo;
    } else {
        auto* text = new QLineEdit;
        entry.show = [text](const SettingValue& v) { text->setText(QString::fromStdString(std::get<std::string>(v))); };
        entry.read = [text] { return SettingValue(text->text().trimmed().toStdString()); };
        connect(text, &QLineEdit::textChanged, this, touched);
        editor = text;
    }
    editor->setObjectName(fromView(field.key));
    entry.row =
        new FormRow(fromView(field.label), editor, mode_ == Mode::New ? nullptr : Badge::forApplies(field.applies));
    entry.row->setHelp(fromView(field.help));
    return entry;
}

void SettingsForm::setBaseline(const RunSettings& settings, bool keepEdits) {
    std::vector<std::string> kept;
    if (keepEdits)
        for (const Edit& edit : edits())
            kept.push_back(edit.key);
    baseline_ = settings;
    showing_ = true;
    for (Entry& entry : entries_) {
        const bool keep = std::find(kept.begin(), kept.end(), entry.setting->key) != kept.end();
        if (!keep && (!keepEdits || entry.row->problem().isEmpty())) entry.show(entry.setting->get(baseline_));
    }
    showing_ = false;
    Q_EMIT changed();
}

void SettingsForm::setMode(Mode mode) {
    if (mode == mode_) return;
    mode_ = mode;
    applyMode();
}

void SettingsForm::applyMode() {
    const ModelSpec* model = chosenModel();
    for (Entry& entry : entries_) {
        const SettingField& setting = *entry.setting;
        const bool fixed = mode_ == Mode::Ended || (mode_ == Mode::Live && setting.applies == Applies::NextRun);
        QString why = model ? whyWithoutEffect(setting.key, *model) : QString();
        if (why.isEmpty() && fixed)
            why = mode_ == Mode::Ended ? tr("No run is in progress; a new run can change it.")
                                       : tr("Fixed while a run is in progress; a new run can change it.");
        entry.row->field()->setEnabled(why.isEmpty());
        entry.row->setHelp(fromView(setting.help) + (why.isEmpty() ? QString() : '\n' + why));
        entry.row->setBadgeVisible(mode_ != Mode::Ended);
    }
}

const ModelSpec* SettingsForm::chosenModel() const {
    for (const Entry& entry : entries_) {
        if (entry.setting->key != "model.preset") continue;
        const std::string name = std::get<std::string>(entry.read());
        for (const ModelSpec& spec : modelPresets())
            if (spec.name == name) return &spec;
    }
    return nullptr;
}

void SettingsForm::refreshEffects() {
    const ModelSpec* model = chosenModel();
    const ModelTask task = model ? model->task() : ModelTask::Classify;
    for (const auto& [prefix, title] : titles_)
        title->setVisible(sectionMatters(prefix, task));
    for (Entry& entry : entries_)
        entry.row->setVisible(sectionMatters(entry.setting->key.substr(0, entry.setting->key.find('.')), task));
    applyMode();
}

bool SettingsForm::sectionShown(const std::string& prefix) const {
    const auto found = titles_.find(prefix);
    return found != titles_.end() && !found->second->isHidden();
}

std::vector<SettingsForm::Edit> SettingsForm::edits() const {
    std::vector<Edit> found;
    for (const Entry& entry : entries_) {
        if (!entry.row->problem().isEmpty()) continue;
        const SettingValue before = entry.setting->get(baseline_), now = entry.read();
        // Comparing the words ignores differences no field can show.
        if (settingValueText(before) == settingValueText(now)) continue;
        found.push_back({std::string(entry.setting->key), fromView(entry.setting->label), settingValueText(before),
                         settingValueText(now), entry.setting->applies, now});
    }
    return found;
}

bool SettingsForm::valid() const {
    return std::all_of(entries_.begin(), entries_.end(), [](const Entry& e) { return e.row->problem().isEmpty(); });
}

RunSettings SettingsForm::settings() const {
    for (const Entry& entry : entries_)
        if (!entry.row->problem().isEmpty())
            throw Error(ErrorCode::Usage, std::string(entry.setting->label) + ": " + entry.row->problem().toStdString(),
                        "Correct the marked field.");
    RunSettings out = baseline_;
    for (const Edit& edit : edits())
        applySetting(out, edit.key, edit.value);
    return out;
}

FormRow* SettingsForm::row(const std::string& key) const {
    for (const Entry& entry : entries_)
        if (entry.setting->key == key) return entry.row;
    return nullptr;
}

QWidget* SettingsForm::field(const std::string& key) const {
    FormRow* found = row(key);
    return found ? found->field() : nullptr;
}

}  // namespace vl

"""The dashboard of whoever answers for the learned models: how good they are, and do they still fit?"""

from vigil.docs.dashboards.dashboard import Dashboard, Section
from vigil.docs.dashboards.panel import Chart, Figure, Query

_FIGURES = (
    Figure(
        title="Learners that answer",
        says="Without one everything works but the learned risk.",
        expression='sum(up{job="vigil-learner"})',
        steps=(("orange", None), ("text", 1)),
    ),
    Figure(
        title="AUROC above NEWS2's",
        says="Of the deterioration model in trials, less that of NEWS2 on the same examples; below 0 it is of no use.",
        expression=(
            'max(vigil_learner_auroc_ratio{model="deterioration"}) '
            '- max(vigil_learner_news2_auroc_ratio{model="deterioration"})'
        ),
        decimals=3,
        steps=(("orange", None), ("text", 0)),
    ),
    Figure(
        title="Foretold for each that came",
        says="Of the worst courses, by the deterioration model in trials: 1 is right, more is too many.",
        expression='max(vigil_learner_calibration_ratio{model="deterioration"})',
        decimals=2,
    ),
    Figure(
        title="Shift that warns",
        says="How many population stability indices are at 0.25 or more; the rule VigilShift fires after half an hour.",
        expression="max(vigil_learner_shift_warnings)",
        steps=(("text", None), ("orange", 1)),
    ),
)

_QUALITY = (
    Chart(
        title="How well it ranks: AUROC of the forecasts",
        says=(
            "Of all forecasts in trials so far, each made before anything of the example was known. "
            "0.5 is chance; below NEWS2 alone it is of no use."
        ),
        queries=(
            Query("max by (model) (vigil_learner_auroc_ratio)", "{{model}}, learned risk"),
            Query("max by (model) (vigil_learner_news2_auroc_ratio)", "{{model}}, NEWS2 alone"),
        ),
        unit="short",
    ),
    Chart(
        title="Calibration: courses foretold for each that came",
        says="Of the same forecasts; 1 is right, more is too many, fewer is too few.",
        queries=(Query("max by (model) (vigil_learner_calibration_ratio)", "{{model}}"),),
        unit="short",
    ),
    Chart(
        title="How far off its probabilities are: Brier score, log loss",
        says="Of the same forecasts; lower is better. Log loss is in nats.",
        queries=(
            Query("max by (model) (vigil_learner_brier_ratio)", "{{model}}, Brier score"),
            Query("max by (model) (vigil_learner_log_loss_ratio)", "{{model}}, log loss"),
        ),
        unit="short",
    ),
    Chart(
        title="Models published and held back",
        says=(
            "Published by this process, of a version again too. "
            "Held back: a model that did worse in its trial than the version in force."
        ),
        queries=(
            Query("sum by (model) (vigil_learner_publications_total)", "{{model}}, published"),
            Query("max by (model) (vigil_learner_held_back_total)", "{{model}}, held back"),
        ),
    ),
)

_DRIFT = (
    Chart(
        title="Shift of features since the version in force learned: the eight greatest",
        says=(
            "Population stability index of each sign; from 0.25 on, where the line is, the version is suspect, "
            "and after half an hour the rule VigilShift fires."
        ),
        queries=(Query("topk(8, max by (sign) (vigil_learner_feature_shift_psi))", "{{sign}}"),),
        unit="short",
        line=0.25,
        colour="orange",
    ),
    Chart(
        title="Shift of the forecasts, and how many indices warn",
        says=(
            "Population stability index of the forecasts since their trial; from 0.25 on the version is suspect. "
            "Warnings: how many indices, of signs and of the forecasts, are there."
        ),
        queries=(
            Query("max(vigil_learner_score_shift_psi)", "forecasts"),
            Query("max(vigil_learner_shift_warnings)", "warnings"),
        ),
        unit="short",
    ),
)

_LEARNING = (
    Chart(
        title="Version of each model in force, by partition",
        says="All partitions should soon show the same; none before the learner has published.",
        queries=(
            Query("max by (partition, model) (vigil_model_version)", "{{model}}, partition {{partition}}"),
            Query("max by (model) (vigil_learner_version)", "{{model}}, the learner"),
        ),
    ),
    Chart(
        title="Examples learned",
        says=(
            "Each counts once, also over restarts. The worst came: NEWS2 of 7 or more, death or deterioration within "
            "6 h; of a stay, death in it. Unusable: records on examples that were none."
        ),
        queries=(
            Query("max by (model) (vigil_learner_examples_total)", "{{model}}, learned"),
            Query("max by (model) (vigil_learner_positives_total)", "{{model}}, the worst came"),
            Query("max(vigil_learner_unusable_total)", "unusable"),
        ),
    ),
    Chart(
        title="Stays",
        says="A stay waits until it has ended; then its examples are learned, or dropped for a reason.",
        queries=(
            Query("max(vigil_learner_stays_total)", "learned"),
            Query("max(vigil_learner_stays_waiting)", "waiting"),
            Query("max by (reason) (vigil_learner_stays_dropped_total)", "dropped, {{reason}}"),
        ),
    ),
    Chart(
        title="Examples that got no label, by reason",
        says=(
            "Left: monitoring ended first. Unseen: nobody measured again. At once: it was there already. "
            "Fault: a look at the patient failed."
        ),
        queries=(Query("sum by (reason) (vigil_examples_dropped)", "{{reason}}"),),
    ),
    Chart(
        title="Examples written and learned, in the last hour",
        says="Those that workers wrote, and those that were learned; the rule VigilNotLearning fires where none is.",
        queries=(
            Query('sum(increase(vigil_outputs_total{topic="examples"}[1h]))', "written"),
            Query("sum(increase(vigil_learner_examples_total[1h]))", "learned"),
        ),
    ),
    Chart(
        title="Findings of the last hour, by detector",
        says=(
            "Flat lines and spikes are of the sensor; drifts and the half-space trees mostly of the patient. "
            "They are in the assessments and raise no alert."
        ),
        queries=(Query("sum by (detector) (increase(vigil_findings_total[1h]))", "{{detector}}"),),
    ),
)

LEARNING = Dashboard(
    name="learning",
    title="model quality and drift",
    description="How good the learned models are, and whether they still fit the patients.",
    text="What is learned works in the shadow: no alert, score or limit rests on it.",
    figures=_FIGURES,
    sections=(
        Section("Quality of the forecasts", _QUALITY),
        Section("Drift", _DRIFT),
        Section("Learning", _LEARNING),
    ),
)

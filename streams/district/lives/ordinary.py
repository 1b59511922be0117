"""What happens every day and concerns no model: deaths, fines, decisions, all in order."""

from __future__ import annotations

from datetime import timedelta

from streams.district.calendar import same_day
from streams.district.lives import Stage, life
from streams.district.lives.after_death import cremate, register_death, stop
from streams.district.lives.chain import Chain
from streams.district.lives.driving import end_licence, fine_driver, stop_driver
from streams.district.lives.justice import hold, imprison, judge, police_case
from streams.district.rows import ten_thousand_yuan


@life("ordinary", rate=70)
def death_of_a_pensioner(stage: Stage) -> None:
    """Registered within days, the pension stopped before the next payment."""
    person, died_on = stage.pensioner(), stage.day(30)
    register_death(stage, person, died_on)
    if stage.rng.random() < 0.6:
        cremate(stage, person, died_on)
    stop(stage, person, died_on + stage.days(5, 10), died_on)


@life("ordinary", rate=30)
def death_of_someone_without_benefits(stage: Stage) -> None:
    person, died_on = stage.take("pedestrian"), stage.day(20)
    register_death(stage, person, died_on)
    stage.residence(person).delete(died_on + stage.days(10, 30), note="deleted")


@life("ordinary", rate=40)
def drink_driving_fined(stage: Stage) -> None:
    person, on = stage.take("driver"), stage.day(20)
    stop_driver(stage, person, on, stage.rng.randint(20, 79))
    fine_driver(stage, person, on)


@life("ordinary", rate=15)
def drunk_driver_loses_the_licence(stage: Stage) -> None:
    person, on = stage.take("driver"), stage.day(30)
    stop_driver(stage, person, on, stage.rng.randint(80, 260))
    end_licence(stage, person, on + stage.days(1, 6))


@life("ordinary", rate=20)
def detained_and_released(stage: Stage) -> None:
    person, on = stage.take("pedestrian"), stage.day(60)
    hold(stage, person, "detention", on, on + stage.days(3, 20), police_case(stage, on), "changed")


@life("ordinary", rate=12)
def arrested_and_sentenced(stage: Stage) -> None:
    person, on = stage.take("pedestrian"), stage.day(260)
    verdict = on + stage.days(110, 190)
    hold(stage, person, "arrest", on, verdict + timedelta(10), police_case(stage, on), "changed")
    paper = judge(stage, person, verdict, penalty="03", months=18, since=on)
    effective = verdict + timedelta(11)
    imprison(stage, person, paper.row["ah"], effective, same_day(on, 18) - timedelta(1))


@life("ordinary", rate=10)
def not_prosecuted_and_closed(stage: Stage) -> None:
    chain = Chain.begin(stage, stage.day(50))
    chain.finish_without_penalty(chain.transfer(chain.decided + stage.days(0, 2)).day)


@life("ordinary", rate=8)
def not_prosecuted_and_punished(stage: Stage) -> None:
    chain = Chain.begin(stage, stage.day(200))
    chain.to_opinion()
    chain.punish(chain.promise() + stage.days(5, 24))


@life("ordinary", rate=25)
def trader_fined(stage: Stage) -> None:
    """A penalty that has nothing to do with a criminal case."""
    company = stage.company()
    on = stage.day(20)
    stage.open(
        "market-penalty",
        on,
        cf_wsh=stage.numbers.next("潮市监处罚", on.year),
        cf_xdr_mc=company.name,
        cf_xdr_lb="法人及非法人组织",
        cf_xdr_dm=company.number,
        cf_wfxw="31",
        cf_wfss="广告内容与实际不符",
        cf_yj="《中华人民共和国广告法》",
        cf_cflb="罚款",
        cf_nr="罚款",
        cf_nr_fk=ten_thousand_yuan(stage.rng.randint(2, 80) * 10_000),
        cf_jdrq=f"{on:%Y/%m/%d}",
        cf_yxq="2099/12/31",
        cf_gsjzq=f"{on + timedelta(365):%Y/%m/%d}",
        larq=f"{on - timedelta(20):%Y/%m/%d}",
        sdrq=f"{on + timedelta(3):%Y/%m/%d}",
    )

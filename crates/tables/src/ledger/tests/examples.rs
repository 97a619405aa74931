//! Ledgers like those of a county bureau, a fire station, a mine rescue team, plants and schools.

use rust_xlsxwriter::{ExcelDateTime, Format as CellFormat, Workbook};

use crate::form::Form;
use crate::forms::LedgerRow;
use crate::{Encoding, Sheet, write_csv, write_xlsx};

use super::{all, read_csv, read_file, told, workbook};

#[test]
fn a_county_bureau_with_sections_sums_and_signatures() {
    let bytes = workbook(
        &[
            "某某旗应急物资台账|||||||||",
            "填报单位：某某旗应急管理局    盘点日期：2026年10月31日|||||||||",
            "序号|物资名称|规格型号|单位|数量|存放地点|保管人|联系电话|有效期至|备注",
            "一、生活保障类|||||||||",
            "=1|帐篷|12㎡|顶|=10|中心库|张三|=13800000001|长期|",
            "=2|棉大衣||件|=1200|中心库|张三|=13800000001||2024年\n购置",
            "小　计||||=1210|||||",
            "二、抢险类|||||||||",
            "=3|编织袋|||3,000条|中心库|李四||2027.10|",
            "=4|排水泵|QW-50|台|若干|南库|李四||/|",
            "=5|||||||||",
            "合计||||=4210|||||",
            "制表人：王五||审核人：赵六||||填表日期：2026年10月31日|||",
        ],
        &[(0, 0, 0, 9), (1, 0, 1, 9), (3, 0, 3, 9), (6, 0, 6, 3), (7, 0, 7, 9), (11, 0, 11, 3)],
    );
    let (tables, findings) = read_file("x.xlsx", bytes);
    let org = "org=某某旗应急管理局";
    assert_eq!(
        all(&tables.ledger),
        [
            format!(
                "5: 帐篷; 10; {org}; depot=中心库; section=一、生活保障类; spec=12㎡; unit=顶; expires=∞; keeper=张三; phone=13800000001; on=2026-10-31"
            ),
            format!(
                "6: 棉大衣; 1200; {org}; depot=中心库; section=一、生活保障类; unit=件; keeper=张三; phone=13800000001; note=2024年 购置; on=2026-10-31"
            ),
            format!(
                "9: 编织袋; 3000条; {org}; depot=中心库; section=二、抢险类; expires=2027-10-31; keeper=李四; on=2026-10-31"
            ),
            format!(
                "10: 排水泵; ?若干?vague; {org}; depot=南库; section=二、抢险类; spec=QW-50; unit=台; expires=∞; keeper=李四; on=2026-10-31"
            ),
        ]
    );
    assert_eq!(findings.faults(), []);
    assert_eq!(
        told(findings.warnings()),
        [
            "1 ledger_heading 某某旗应急物资台账",
            "2 ledger_labels 填报单位：某某旗应急管理局    盘点日期：2026年10月31日",
            "3 column_left_out 序号",
            "4 ledger_heading 一、生活保障类",
            "7 ledger_sum 小　计 | 1210",
            "8 ledger_heading 二、抢险类",
            "11 ledger_row_empty 5",
            "12 ledger_sum 合计 | 4210",
            "13 ledger_labels 制表人：王五 | 审核人：赵六 | 填表日期：2026年10月31日",
        ]
    );
}

#[test]
fn a_fire_station_with_a_header_of_two_rows_and_merged_cells() {
    let bytes = workbook(
        &[
            "消防救援站器材清单（截至2026年10月31日）||||||||||",
            "序号|器材名称|规格|型号|数量||存放位置|保管人||有效期|",
            "||||数量|单位||姓名|电话|生产日期|有效期至",
            "1|空气呼吸器|6.8L|RHZK|12|具|器材库|张三|13900000001|2024年5月|2034-05-31",
            "2|气瓶|6.8L||24|只||||2024-05-06|",
            "3|气瓶|9L|||||||2023-01-02|",
            "4|水带|65mm||40|根|车库|李四|13900000002||",
        ],
        &[
            (0, 0, 0, 10),
            (1, 0, 2, 0),
            (1, 1, 2, 1),
            (1, 2, 2, 2),
            (1, 3, 2, 3),
            (1, 4, 1, 5),
            (1, 6, 2, 6),
            (1, 7, 1, 8),
            (1, 9, 1, 10),
            (3, 6, 5, 6),
            (3, 7, 5, 7),
            (3, 8, 5, 8),
            (4, 4, 5, 4),
        ],
    );
    let (tables, findings) = read_file("x.xlsx", bytes);
    assert_eq!(findings.faults(), []);
    let of = "depot=器材库";
    let by = "keeper=张三; phone=13900000001; on=2026-10-31";
    assert_eq!(
        all(&tables.ledger),
        [
            format!(
                "4: 空气呼吸器; 12; {of}; spec=6.8L; model=RHZK; unit=具; made=?2024年5月?month; expires=2034-05-31; {by}"
            ),
            // 24 for both rows together: counted in neither.
            format!("5: 气瓶; ?24?merged; {of}; spec=6.8L; unit=只; made=2024-05-06; {by}"),
            format!("6: 气瓶; ?24?merged; {of}; spec=9L; made=2023-01-02; {by}"),
            "7: 水带; 40; depot=车库; spec=65mm; unit=根; keeper=李四; phone=13900000002; on=2026-10-31".to_owned(),
        ]
    );
}

#[test]
fn the_same_header_of_two_rows_in_a_text_file() {
    let (tables, findings) = read_csv(
        "某矿山救护队装备台账,,,,,,,\n\
         序号,装备名称,数量,保管人,,有效期,,备注\n\
         ,,,姓名,电话,生产日期,有效期至,\n\
         1,氧气呼吸器,十二套,张三,13900000001,2024-05-06,2027年5月,\n\
         2,苏生器,两台,张三,13900000001,2024.5,长期,盘点日期见封面\n\
         ,,,,,,,\n\
         盘点日期,2026-10-31,,,,,,\n",
    );
    assert_eq!(findings.faults(), []);
    assert_eq!(
        all(&tables.ledger),
        [
            "4: 氧气呼吸器; 12套; made=2024-05-06; expires=2027-05-31; keeper=张三; phone=13900000001; on=2026-10-31",
            "5: 苏生器; 2台; made=?2024.5?month; expires=∞; keeper=张三; phone=13900000001; note=盘点日期见封面; on=2026-10-31",
        ]
    );
}

#[test]
fn several_organizations_and_depots_that_fill_down() {
    let (tables, findings) = read_csv(
        "单位,库点,名称,规格,单位,数量,盘点日期\n\
         甲救援队,一号库,担架,折叠,副,5,2026-10-30\n\
         ,,黄沙,,,2m³,2026-10-30\n\
         ,二号库,雨衣,,件,20,2026/10/31\n\
         ,,雨鞋,,双,,20261031\n\
         乙救援队,,头灯,,个,10余,\n\
         小计,,,,,,\n\
         ,,绳索,,根,4,2026-10-30\n",
    );
    assert_eq!(findings.faults(), []);
    assert_eq!(
        all(&tables.ledger),
        [
            "2: 担架; 5; org=甲救援队; depot=一号库; spec=折叠; unit=副; on=2026-10-30",
            "3: 黄沙; 2m³; org=甲救援队; depot=一号库; on=2026-10-30",
            "4: 雨衣; 20; org=甲救援队; depot=二号库; unit=件; on=2026-10-31",
            "5: 雨鞋; ??blank; org=甲救援队; depot=二号库; unit=双; on=2026-10-31",
            // Another organization has its own depots.
            "6: 头灯; ?10余?vague; org=乙救援队; unit=个",
            // Below a sum nothing is filled down.
            "8: 绳索; 4; unit=根; on=2026-10-30",
        ]
    );
    assert_eq!(told(findings.warnings()), ["7 ledger_sum 小计"]);
}

#[test]
fn a_chemical_plant_with_two_tables_under_each_other() {
    let (tables, findings) = read_csv(
        "应急物资台账,,,,\n\
         单位：甲化工厂,存放地点：中控室,,日期：2026.10.31,\n\
         品名,数量,计量单位,生产厂家,有效日期\n\
         防毒面具,2箱×50个,个,某厂,2026.12\n\
         滤毒罐,2箱（每箱20只）,只,某厂,2026年\n\
         罐区应急物资清单,,,,\n\
         存放地点：罐区柜,,,,\n\
         名称,型号,库存数量,状态,负责人\n\
         堵漏工具,BSK-1,1套,完好,李四\n\
         吸附棉,,25kg,待修,李四\n\
         洗眼器,,一,备件齐,李四\n\
         制表,王五,审核,赵六,\n",
    );
    assert_eq!(findings.faults(), []);
    assert_eq!(
        all(&tables.ledger),
        [
            "4: 防毒面具; 100个=2箱×50; org=甲化工厂; depot=中控室; maker=某厂; unit=个; expires=2026-12-31; on=2026-10-31",
            "5: 滤毒罐; 40只=2箱×20; org=甲化工厂; depot=中控室; maker=某厂; unit=只; expires=?2026年?year; on=2026-10-31",
            // A new title says nothing of its organization: it is asked.
            "9: 堵漏工具; 1套; depot=罐区柜; spec=BSK-1; is=serviceable; keeper=李四; on=2026-10-31",
            "10: 吸附棉; 25kg; depot=罐区柜; is=in_repair; keeper=李四; on=2026-10-31",
            "11: 洗眼器; ?一?ambiguous; depot=罐区柜; is=?备件齐; keeper=李四; on=2026-10-31",
        ]
    );
    assert_eq!(
        told(findings.warnings()),
        [
            "1 ledger_heading 应急物资台账",
            "2 ledger_labels 单位：甲化工厂 | 存放地点：中控室 | 日期：2026.10.31",
            "6 ledger_heading 罐区应急物资清单",
            "7 ledger_labels 存放地点：罐区柜",
            "8 ledger_header_again 名称 | 型号 | 库存数量 | 状态 | 负责人",
            "12 ledger_labels 制表 | 王五 | 审核 | 赵六",
        ]
    );
}

#[test]
fn a_school_with_printed_numbers_and_its_labels_below() {
    let (tables, findings) = read_csv(
        "序号,物品名称,单位,数量（个）,用途,备注\n\
         1,灭火器,具,12,灭火,\n\
         2,应急灯,,3（个）,照明,说明：坏1个\n\
         3,哨子,个,约20,,\n\
         4,,,,,\n\
         5,,,,,\n\
         ,电话,部,2,,\n\
         单位：某某小学,,,,,\n\
         ,,,,2026年10月31日,\n\
         以下空白,,,,,\n",
    );
    assert_eq!(findings.faults(), []);
    assert_eq!(
        all(&tables.ledger),
        [
            "2: 灭火器; 12; org=某某小学; unit=具; on=2026-10-31",
            "3: 应急灯; 3个; org=某某小学; unit=个; note=说明：坏1个; on=2026-10-31",
            "4: 哨子; ?约20?vague; org=某某小学; unit=个; on=2026-10-31",
            "7: 电话; 2; org=某某小学; unit=部; on=2026-10-31",
        ]
    );
    assert_eq!(
        told(findings.warnings()),
        [
            "1 column_left_out 序号",
            "1 column_left_out 用途",
            "5 ledger_row_empty 4",
            "6 ledger_row_empty 5",
            "8 ledger_labels 单位：某某小学",
            "9 ledger_heading 2026年10月31日",
            "10 ledger_footer 以下空白",
        ]
    );
}

#[test]
fn a_gas_company_with_pages_formats_and_two_keepers() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("物资").unwrap();
    let sets = CellFormat::new().set_num_format("0\"套\"");
    let date = CellFormat::new().set_num_format("yyyy/m/d");
    let header = ["序号", "名称", "数量", "出厂日期", "失效日期", "状况", "保管人", "联系电话", "保管人", "联系电话"];
    let mut at = 0;
    for page in 0..2_u32 {
        sheet.merge_range(at, 0, at, 9, "燃气公司应急物资台账", &CellFormat::new()).unwrap();
        if page == 0 {
            sheet.merge_range(at + 1, 0, at + 1, 9, "仓库：抢修库 统计日期：2026-10-31", &CellFormat::new()).unwrap();
        } else {
            sheet.merge_range(at + 1, 0, at + 1, 9, "第2页 共2页", &CellFormat::new()).unwrap();
        }
        for (column, name) in (0..).zip(header) {
            sheet.write_string(at + 2, column, name).unwrap();
        }
        sheet.write_number(at + 3, 0, f64::from(page + 1)).unwrap();
        sheet.write_string(at + 3, 1, ["封堵器", "检测仪"][page as usize]).unwrap();
        sheet.write_number_with_format(at + 3, 2, 3.0, &sets).unwrap();
        let day = ExcelDateTime::from_ymd(2024, 5, 6).unwrap();
        sheet.write_datetime_with_format(at + 3, 3, day, &date).unwrap();
        for (column, words) in (4..).zip(["2027年5月6日", "报废", "张三", "13900000001", "李四", "13900000002"])
        {
            sheet.write_string(at + 3, column, words).unwrap();
        }
        at += 4;
    }
    let (tables, findings) = read_file("x.xlsx", book.save_to_buffer().unwrap());
    assert_eq!(findings.faults(), []);
    let rest = "depot=抢修库; made=2024-05-06; expires=2027-05-06; is=unserviceable; keeper=张三; phone=13900000001; \
                keeper2=李四; phone2=13900000002; on=2026-10-31";
    assert_eq!(all(&tables.ledger), [format!("4: 封堵器; 3套; {rest}"), format!("8: 检测仪; 3套; {rest}")]);
    assert_eq!(
        told(findings.warnings()),
        [
            "1, 5 ledger_heading 燃气公司应急物资台账",
            "2 ledger_labels 仓库：抢修库 统计日期：2026-10-31",
            "3 column_left_out 序号",
            "6 ledger_footer 第2页 共2页",
            "7 ledger_header_again 序号 | 名称 | 数量 | 出厂日期 | 失效日期 | 状况 | 保管人 | 联系电话 | 保管人 | 联系电话",
        ]
    );
}

#[test]
fn labels_that_contradict_each_other_are_faults() {
    let (tables, findings) = read_csv(
        "2026年10月30日应急物资台账\n单位：甲队,盘点日期：2026年10月31日\n名称,数量\n担架,3副\n制表人：张三,制表日期：2026-11-05\n单位：乙队\n",
    );
    assert_eq!(tables.ledger.len(), 1);
    assert_eq!(
        told(findings.faults()),
        ["6 ledger_labels_differ 乙队", "2 ledger_labels_differ 2026年10月31日", "5 ledger_labels_differ 2026-11-05"]
    );
    let words = findings.faults()[1].message().to_string();
    assert!(words.contains("2026-10-30") && words.contains("row 1"), "{words}");
    // Each of two tables has its own day; a third has none, and says so.
    let (tables, findings) = read_csv(
        "甲队台账（2026年10月30日）\n名称,数量\n担架,3副\n\n乙队台账（2026年10月31日）\n名称,数量\n担架,4副\n丙队台账\n担架,5副\n",
    );
    assert_eq!(findings.faults(), []);
    assert_eq!(all(&tables.ledger), ["3: 担架; 3副; on=2026-10-30", "7: 担架; 4副; on=2026-10-31", "9: 担架; 5副"]);
    // Days below each of two tables.
    let (tables, findings) =
        read_csv("甲队台账,\n名称,数量\n担架,3副\n2026年10月30日,\n乙队台账,\n名称,数量\n担架,4副\n2026年10月31日,\n");
    assert_eq!(findings.faults(), []);
    assert_eq!(all(&tables.ledger), ["3: 担架; 3副; on=2026-10-30", "7: 担架; 4副; on=2026-10-31"]);
    // A day that is none, and a file whose name alone has a day.
    let (_, findings) = read_csv("名称,数量\n担架,3副\n盘点日期：十月底,\n");
    assert_eq!(told(findings.faults()), ["3 not_a_day 十月底"]);
    let (tables, findings) = read_file("2026年10月31日应急物资台账.csv", "名称,数量\n担架,3副\n");
    assert_eq!((findings.fault_count(), tables.ledger[0].value.counted_on), (0, None));
}

#[test]
fn labels_between_blocks_hold_for_those_below() {
    let (tables, findings) = read_csv(
        "单位：甲队　库点：一号库　保管人：张三　电话：139　保管人：李四　电话：138,,\n名称,数量,计量单位\n担架,3,副\n\
         单位：乙队,,\n头灯,4,个\n库点：二号库,,\n雨衣,5,件\n单位：甲队,,\n绳,6,根\n",
    );
    assert_eq!(findings.faults(), []);
    assert_eq!(
        all(&tables.ledger),
        [
            "3: 担架; 3; org=甲队; depot=一号库; unit=副; keeper=张三; phone=139; keeper2=李四; phone2=138",
            "5: 头灯; 4; org=乙队; unit=个",
            "7: 雨衣; 5; org=乙队; depot=二号库; unit=件",
            "9: 绳; 6; org=甲队; unit=根",
        ]
    );
}

#[test]
fn rows_of_no_ledger_are_faults_and_not_stock() {
    let (tables, findings) = read_csv(
        "序号,名称,数量,来历\n1,担架,3副,捐赠\n2,,5,\n,,,旧\n序号,姓名,职务,电话\n1,张三,队长,139\n\n名称,数量,来历\n绳,4根,\n",
    );
    assert_eq!(all(&tables.ledger), ["2: 担架; 3副", "9: 绳; 4根"]);
    assert_eq!(
        told(findings.faults()),
        [
            "1, 8 column_unknown 来历",
            "3 missing_field 2 | 5",
            "4 missing_field 旧",
            "5 ledger_row_unplaced 序号 | 姓名 | 职务 | 电话",
            "6 ledger_row_unplaced 1 | 张三 | 队长 | 139",
        ]
    );
}

#[test]
fn data_above_the_header_is_a_fault() {
    let (tables, findings) = read_csv("台账,,\n担架,副,3\n物资编码,品名,数量\nL2010101,空呼,4套\n");
    assert_eq!(all(&tables.ledger), ["4: 空呼; 4套; item=L2010101"]);
    assert_eq!(told(findings.faults()), ["2 ledger_row_unplaced 担架 | 副 | 3"]);
}

#[test]
fn a_ledger_of_our_own_comes_back_the_same() {
    let (tables, _) = read_csv(
        "单位名称,存放地点,名称,单位,数量,生产日期,有效期至,状态,盘点日期\n\
         甲队,一号库,担架,副,3副,2024年5月,长期,完好,2026-10-31\n\
         甲队,一号库,口罩,双,2箱×50双,2024-05-06,2026年10月,备件齐,2026-10-31\n\
         甲队,二号库,黄沙,,若干,,,,2026-10-31\n\
         甲队,二号库,水带,根,\"1,200\",2024年,2026年,送修,2026-10-31\n",
    );
    let rows: Vec<LedgerRow> = tables.ledger.into_iter().map(|row| row.value).collect();
    for chinese in [false, true] {
        let cells = rows.iter().map(LedgerRow::cells).collect();
        let sheet = Sheet { form: Form::Ledger, chinese, is_template: false, rows: cells };
        for bytes in [write_csv(&sheet, Encoding::Gb18030).unwrap(), write_xlsx(std::slice::from_ref(&sheet)).unwrap()]
        {
            let (tables, findings) = read_file("x", bytes);
            assert_eq!(findings.faults(), []);
            assert_eq!(tables.ledger.into_iter().map(|row| row.value).collect::<Vec<_>>(), rows);
        }
    }
}

#[test]
fn cells_that_a_spreadsheet_program_changed_are_asked_or_refused() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, name) in (0..).zip(["名称", "数量", "有效期", "联系电话", "批号"]) {
        sheet.write_string(0, column, name).unwrap();
        sheet.write_string(1, column, "x").unwrap();
        sheet.write_string(2, column, "x").unwrap();
    }
    let date = CellFormat::new().set_num_format("yyyy/m/d");
    let whole = CellFormat::new().set_num_format("0");
    let time = ExcelDateTime::from_ymd(2026, 3, 5).unwrap().and_hms(8, 0, 0).unwrap();
    sheet.write_datetime_with_format(1, 1, ExcelDateTime::from_ymd(2026, 3, 5).unwrap(), &date).unwrap();
    sheet.write_datetime_with_format(1, 2, time, &date).unwrap();
    sheet.write_number_with_format(1, 3, 13_800_000_001.0, &CellFormat::new().set_num_format("0.00E+00")).unwrap();
    sheet.write_number(1, 4, 20_240_506.0).unwrap();
    sheet.write_number_with_format(2, 1, 2.6, &whole).unwrap();
    sheet.write_number(2, 2, 46_326.0).unwrap();
    let (tables, findings) = read_file("x.xlsx", book.save_to_buffer().unwrap());
    let rows = all(&tables.ledger);
    assert_eq!(
        rows[0],
        "2: x; ?2026-03-05?day; lot=20240506; expires=?2026-03-05 08:00:00?with_time; phone=13800000001"
    );
    assert!(rows[1].starts_with("3: x; 2.6; ") || rows[1].starts_with("3: x; ?"), "{rows:?}");
    assert_eq!(told(findings.faults()), ["3 day_as_number 46326"]);
}

#[test]
fn a_filling_station_with_numbered_sections_and_a_wide_quantity() {
    let bytes = workbook(
        &[
            "某加油站应急物资台账|||||",
            "单位|某加油站||截至日期：2026年10月31日(星期六)||",
            "序号|名称|数量||存放地点|备注",
            "一|灭火类||||",
            "=1|灭火毯|=5|块|加油岛|",
            "=2|灭火器|=8|具|加油岛|",
            "二|防护类||||",
            "=1|手套|=10|双|站房|",
            "2|护目镜|2副||站房|",
            "审核：||2026年10月31日|||",
        ],
        &[(0, 0, 0, 5), (1, 1, 1, 2), (1, 3, 1, 5), (2, 2, 2, 3), (4, 4, 5, 4)],
    );
    let (tables, findings) = read_file("x.xlsx", bytes);
    assert_eq!(findings.faults(), []);
    assert_eq!(
        all(&tables.ledger),
        [
            "5: 灭火毯; 5; org=某加油站; depot=加油岛; section=一 灭火类; unit=块; on=2026-10-31",
            "6: 灭火器; 8; org=某加油站; depot=加油岛; section=一 灭火类; unit=具; on=2026-10-31",
            "8: 手套; 10; org=某加油站; depot=站房; section=二 防护类; unit=双; on=2026-10-31",
            "9: 护目镜; 2副; org=某加油站; depot=站房; section=二 防护类; on=2026-10-31",
        ]
    );
    assert!(tables.ledger.iter().all(|row| row.value.title.as_deref() == Some("某加油站应急物资台账")));
}

#[test]
fn labels_and_titles_are_bounded() {
    let labels: String = (0..6_000).map(|number| format!("单位：甲{number},\n担架,3\n")).collect();
    let (_, findings) = read_file("x.csv", format!("名称,数量\n{labels}"));
    assert_eq!(findings.faults()[0].kind, "sheet_too_large");
    let long = "长".repeat(5_000);
    let (tables, findings) = read_file("x.csv", format!("{long}\n单位：{long},\n名称,数量\n担架,3\n{long},3\n"));
    assert_eq!(tables.ledger.len(), 2);
    assert_eq!(tables.ledger[0].value.organization, None);
    assert_eq!(findings.faults()[0].kind, "length_out_of_bounds");
    let above: String = (0..30).map(|number| format!("标题{number}\n")).collect();
    let (_, findings) = read_file("台账.csv", format!("{above}名称,数量\n担架,3\n"));
    assert_eq!(findings.faults()[0].kind, "header_missing");
}

#[test]
fn a_ledger_is_told_by_its_header_and_its_name() {
    let ledger = "序号,物资名称,规格型号,单位,数量,存放地点,保管人\n1,担架,,副,5,一号库,张三\n";
    for name in ["x.csv", "物资清单.csv", "装备.csv", "单位.csv", "02 应急物资台账.csv", "ledger.csv"] {
        let (tables, findings) = read_file(name, ledger);
        assert_eq!((tables.ledger.len(), findings.fault_count()), (1, 0), "{name} {findings:?}");
    }
    // Tables of other forms stay what they are, whatever their file is called.
    let organizations = "编码,名称,所在区划,性质\nA,B,C,企业\n";
    for name in ["x.csv", "单位台账.csv", "单位.csv"] {
        assert_eq!(read_file(name, organizations).0.organizations.len(), 1, "{name}");
    }
    let targets = "单位编码,规则编码,数量\nE1,R1,3\n";
    assert_eq!(read_file("x.csv", targets).0.targets.len(), 1);
    let items = "物资编码,物资名称,类别,单位,性质\nX,担架,c,副,装备\n";
    assert_eq!(read_file("物资.csv", items).0.items.len(), 1);
    assert_eq!(told(read_file("应急物资台账.csv", "a,b\n1,2\n").1.faults()), [" header_missing "]);
}

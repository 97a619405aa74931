# 导入的文件有什么错误、如何改正，以及导入的结果。

import-file-empty = 文件中没有任何行：请填写，或不要提交该文件。
import-file-too-large = 文件超过 { $limit } MB：请拆分后再导入。
import-encoding-unknown = 此行既不是 UTF-8 也不是 GB18030 编码：请另存为“CSV UTF-8”或 XLSX。
import-old-workbook = 这是 Excel 97-2003 工作簿（.xls）：请另存为 .xlsx。
import-workbook-broken = 无法读取该工作簿（{ $problem }）：请用表格软件打开后重新另存为 .xlsx。
import-workbook-too-large = 工作簿解压后过大：请把数据行复制到新的工作簿。
import-sheet-too-large = 超过 { $rows } 行、{ $columns } 列或 { $cells } 个单元格，或在远处有零散单元格：请删除表后的空行空列，或拆分。
import-sheet-hidden = 该工作表已隐藏，未导入：如需导入请取消隐藏。
import-form-unknown = 无法判断这是什么表：请以表单名命名工作表或文件，或指明表单。表单有：{ $forms }。
import-form-ambiguous = 该表可能是多种表单：请以表单名命名工作表或文件，或指明表单。可能是：{ $forms }。
import-header-missing = 未找到 { $form } 的表头：前几行须写明各列：{ $columns }。
import-column-missing = 缺少列 { $column }。可用的列名：{ $columns }。
import-column-unknown = 本表单没有名为“{ $value }”的列：请改正列名、删除该列，或在列名前加 # 仅作自用。列有：{ $columns }。
import-column-ignored = 列名“{ $value }”无法识别，该列未导入。
import-column-left-out = 列“{ $value }”仅供自用，不会保存。
import-column-twice = 列 { $column } 出现了两次：请删除其一。
import-quote-not-closed = 本行的引号没有闭合：请补上；若引号属于文字，请写两个。
import-quote-followed = 闭合引号之后还有文字：属于文字的引号请写两个。
import-json-not-taken = JSON 不符合要求：{ $problem }。
import-missing-field = 此处必须填写。
import-cell-without-column = “{ $value }”没有对应的列名：请删除其前多余的分隔符，或补上列名。
import-cell-error = 公式结果为错误 { $value }：请改正。
import-formula-not-calculated = 文件中没有该公式的结果：请用表格软件打开并保存，或直接填写数值。
import-day-unexpected = 此处不应为日期或时间（{ $value }）：请将单元格格式设为文本后重新输入。
import-day-with-time = { $value } 含有时刻：请只填日期。
import-day-as-number = { $value } 是数字；若为 Excel 日期则是 { $day }：请将单元格设为日期格式，或写作 2026-11-24。
import-not-a-day = “{ $value }”不是有效日期：请写作 2026-11-24、2026/11/24 或 2026年11月24日。
import-control-character = 含有不可见字符（如换行）：请重新输入。
import-length-out-of-bounds = 超过 { $limit } 个字符：请缩短。
import-not-a-number = “{ $value }”不是数字：只写数字和小数点，不带单位和千分位，如 1200 或 2.5。
import-too-precise = { $value } 的小数超过三位：请四舍五入。
import-too-large = { $value } 须小于 1000000000。
import-negative = { $value } 不得小于 0。
import-not-whole = { $value } 须为整数。
import-out-of-range = { $value } 须在 { $least } 至 { $most } 之间。
import-unknown-value = “{ $value }”不在可选值之内。可选值：{ $choices }。
import-not-a-pack = “{ $part }”不是包装：请写作 盒=12；箱=144。
import-item-and-other = 物资编码与其他要求对象只能填一个。
import-said-by-document = 规则文档已写明此项：请清空此格。
import-document-of-another = 该文档不属于规则 { $code }：请改正其一。
import-condition-not-read = 适用条件在“{ $at }”处无法读取：请写作 性质 = 企业 且 行业 = 危化品 且（toxic 或 people_on_shift >= 30）。
import-number-not-asked = 非定额规则此处不填数字：请清空此格。
import-spare-as-number = 该单元格已变成数字或时间：请设为文本后写作 4:1 或 20%。
import-not-a-spare = “{ $value }”不是备份比：请写作 4:1（每四备一）或 20%。
import-row-twice = { $value } 同一生效日期重复，首次见第 { $line } 行：请删除其一。
import-word-of-no-rule = 没有规则用到“{ $value }”：请核对是否为笔误。
import-fact-ambiguous = 有多项指标名为“{ $value }”：请用指标键指明。
import-mark-withdrawn = 基本情况不再齐全时请填“否”。
import-more-faults = 共有 { $count } 处错误，此处只列出前面的部分。

import-report-good = 已全部导入：修订号 { $revision }。
import-report-nothing = 没有需要更改的内容：均已存在。
import-report-dry = 未发现错误。本次为试运行，未写入任何内容。
import-report-bad = 共 { $count } 处错误：未写入任何内容。
import-report-warnings = { $count } 条警告：
import-report-form = 表单
import-report-added = 新增
import-report-changed = 更改
import-report-unchanged = 未变
import-place-sheet = 工作表 { $sheet }
import-place-line = 第 { $line } 行
import-place-column = { $column } 列

form-not-known = 没有该表单。可用的表单：{ $forms }。
form-of-csv = 一个 CSV 文件只含一张表：请指明表单。

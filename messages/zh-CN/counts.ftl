# 盘点及其作废。

count-already-voided = 该盘点此前已作废，所填理由不同：“{ $reason }”。本次未作更改。
count-id-reused = 该编号已用于其他内容，本次未作更改：请为新的盘点生成新的编号。
count-inspection-needs-officer = 核查盘点只能由主管人员提交：提交本单位自行盘点时请省略 kind。
count-own-needs-quartermaster = 自行盘点只能由本单位物资管理员提交：提交核查盘点时请省略 kind。
count-void-needs-officer = 核查盘点只能由主管人员作废：请联系主管部门。
count-received = 该编号的盘点已收到：请删除本机草稿，新的盘点使用新编号。
count-drafts-too-many = 已有 { $most } 份盘点草稿：请先报送或删除一份。
count-counted-at = 盘点时间须在 { $first } 至 { $last } 之间：请检查设备时钟。
count-empty = 部分盘点至少须有一行明细：请列出所盘物资，或将 scope 设为 full（全面盘点）。
count-resolves-unknown = 该库点没有盘点 { $id }：盘点只能用于核定同一库点的盘点。
count-resolves-inspection = 盘点 { $id } 是核查盘点，只有主管人员的盘点可以核定：请勿列入，或与主管部门联系。
count-survey-unknown = 没有该普查：请省略 survey_id。
count-changed-too-often = 该清单已来回更改{ $most }次：请作废其盘点，或填写其他时间。
count-place-left-out = 上次盘点时货位“{ $place }”有{ $item }共{ $number }，清单只列了该物资的其他货位：盘点针对整个库点。请补填货位“{ $place }”的行（没有填0），或删去{ $item }的所有行。
count-lent-left-out = 上次盘点时{ $item }借出{ $number }，清单未列：请补填“借出”的行，已归还的填0。
count-rest-left-out = 上次盘点时{ $item }未注明货位的有{ $number }，清单只列了该物资的货位：盘点针对整个库点。请补填无货位的行（没有填0），或删去{ $item }的所有行。
count-by-two = 同一库点、同一时间的{ $item }写了两个盘点人：一种物资由一人盘点。请写在同一单元格，或分别写明时间。
count-depot-unknown = 没有该库点：请填写库点清单中的编码。
count-depot-closed = 库点 { $depot } 在 { $day } 未启用：请选择物资实际存放的库点。

line-duplicate = 本行与第 { $first } 行除数量和备注外完全相同：请合并为一行。
line-item-unknown = 物资目录中没有“{ $item }”：请用 GET /items 查询。
line-not-whole = { $item } 须按整{ $unit }计数：请填写不带小数的数。
line-pack-differs = 物资目录中 { $item } 每{ $pack }为 { $size } { $unit }：请改按计量单位盘点。
line-unit-changed = 本次盘点所用物资目录之后，{ $item } 的计量单位已由{ $before }改为{ $unit }：请更新物资目录，并按{ $unit }重新盘点该物资。
line-quantity-and-packs = 请只填 quantity，或只填 pack、packs 和 pack_size，不可同时填写。
line-quantity-missing = 缺少数量：请填写 quantity，或同时填写 pack、packs 和 pack_size。
line-negative = 数量不得小于 0。
line-pack-empty = 每包装的数量须大于 0：请改正 pack_size。
line-packs-too-many = packs × pack_size 须小于 1000000000，且最多三位小数：请核对这两个数。
line-expires-before-made = 该批次的失效日期早于生产日期：请核对两个日期。
line-day = 日期须在 { $first } 至 { $last } 之间：请核对。

header-not-utf8 = 无法读取请求头 { $header }：请以 UTF-8 发送。
header-device = 请求头 Muster-Device 无效：请发送 1 至 100 个字符，不含控制字符。
header-seq = 请求头 Muster-Seq 无效：请发送不小于 0 的整数。
header-seq-without-device = 缺少请求头 Muster-Device：Muster-Seq 是设备的命令序号，请同时注明设备。
header-sent-at = 无法读取请求头 Muster-Sent-At：请发送 RFC 3339 时间，如 2026-11-23T02:10:00Z。
header-sent-at-range = 请求头 Muster-Sent-At 的时间超出范围：请检查设备时钟。

# 设备上传的命令。
command-not-object = 这不是命令：请发送含 id、seq、type 和 data 的对象。
command-seq = 无法读取 seq：请发送整数，设备的第一条命令为 1，其后逐条加 1。
command-type-unknown = 本服务没有类型为“{ $kind }”的命令：应用版本可能比服务新。命令已保留，等主管人员处理。
command-failed = 因服务内部错误，命令未能执行。命令已保留，等主管人员处理，无需重新发送；错误已记入日志，如再次出现，请告知运维人员。
command-deposited = 收到此命令时您的登录已失效：命令已保留。请重新登录并再次发送同一命令，即可执行；主管人员已作处理的除外。
command-deposited-closed = 收到此命令时您的账号已关闭：命令已保留，等主管人员处理。
command-deposit-full = 无法登录的账号最多保留 { $commands } 条命令、{ $bytes } 字节：其余请留在设备上，待主管人员处理或重新登录后再发送。
quarantine-taken-over = 服务恢复前已按其他内容执行；该盘点已凭回执恢复。
quarantine-sent-again = 发送人重新登录后再次发送。
receipt-not-genuine = 回执未通过验证：如要作为新的盘点提交，请省略回执。
receipt-of-another = 该回执属于另一盘点、另一内容或另一单位：请发送本盘点取得的回执。
quarantine-decided = 该命令此前已有不同的处理或理由：“{ $reason }”。本次未作更改：请重新读取该命令，查看原处理结果。
command-quarantine-full = 每个账号最多可有 { $commands } 条命令、{ $bytes } 字节等待主管人员处理，全部账号合计不超过服务的容量：其余请留在设备上，待处理后再发送。

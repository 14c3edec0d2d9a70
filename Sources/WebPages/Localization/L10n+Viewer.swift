/// The dataset viewer and its SQL console.
extension L10n {
    package var viewerSubset: String { pick(en: "Subset", zh: "子集") }
    package var viewerSplit: String { pick(en: "Split", zh: "划分") }
    package var viewerShow: String { pick(en: "Show", zh: "显示") }
    package var viewerSearch: String { pick(en: "Search rows", zh: "搜索行") }
    package var viewerSearchHint: String { pick(en: "Text in any column", zh: "任意列中的文本") }
    package var viewerFilters: String { pick(en: "Filter", zh: "筛选") }
    package var viewerColumn: String { pick(en: "Column", zh: "列") }
    package var viewerOperator: String { pick(en: "Comparison", zh: "比较方式") }
    package var viewerValue: String { pick(en: "Value", zh: "值") }
    package var viewerAddFilter: String { pick(en: "Add filter", zh: "添加筛选条件") }
    package var viewerCondition: String { pick(en: "Condition", zh: "条件") }
    package var viewerApply: String { pick(en: "Apply", zh: "应用") }
    package var viewerContains: String { pick(en: "contains", zh: "包含") }
    package var viewerIsNull: String { pick(en: "is null", zh: "为空") }
    package var viewerIsNotNull: String { pick(en: "is not null", zh: "不为空") }
    package var viewerConditionHint: String {
        pick(
            en: "Columns in double quotes, texts in single ones: \"lang\" = 'zh' AND \"score\" > 0.5",
            zh: "列名用双引号，文本用单引号：\"lang\" = 'zh' AND \"score\" > 0.5")
    }
    package func viewerRemove(_ what: String) -> String { pick(en: "Remove \(what)", zh: "移除 \(what)") }
    package func viewerSearchChip(_ text: String) -> String { pick(en: "Search: \(text)", zh: "搜索：\(text)") }
    package func viewerOrderChip(_ text: String) -> String { pick(en: "Order: \(text)", zh: "排序：\(text)") }
    package var viewerRows: String { pick(en: "Rows", zh: "数据行") }
    package var viewerRowNumber: String { pick(en: "Row", zh: "行号") }
    package func viewerRow(_ number: String) -> String { pick(en: "Row \(number)", zh: "第 \(number) 行") }
    package func viewerRange(_ first: String, _ last: String, _ total: String) -> String {
        pick(en: "\(first)–\(last) of \(total)", zh: "第 \(first)–\(last) 行，共 \(total) 行")
    }
    package func viewerRangeOpen(_ first: String, _ last: String) -> String {
        pick(en: "Rows \(first)–\(last)", zh: "第 \(first)–\(last) 行")
    }
    package func viewerRowCount(_ count: String) -> String { pick(en: "\(count) rows", zh: "\(count) 行") }
    package var viewerPartial: String {
        pick(
            en: "Not all rows are looked at: the split is large, or some of its files are not here yet.",
            zh: "仅查看了部分数据：该划分较大，或部分文件尚未同步到本地。")
    }
    package var viewerUnverified: String {
        pick(
            en:
                "A preview: these rows come from parts of files that are not here yet, and nobody could check them. Filters, searches, statistics and SQL fetch the whole files.",
            zh: "预览：这些数据行来自尚未同步到本地的文件片段，未经校验。筛选、搜索、统计和 SQL 会获取完整文件。")
    }
    package var viewerNoRows: String { pick(en: "No rows match", zh: "没有匹配的行") }
    package var viewerNoRowsText: String {
        pick(en: "Change the filter or the search, or remove them.", zh: "请修改或移除筛选与搜索条件。")
    }
    package var viewerNoData: String { pick(en: "There are no tables here", zh: "此数据集没有可预览的表格") }
    package var viewerNoDataText: String {
        pick(
            en:
                "The viewer reads Parquet, Arrow, CSV, JSON and JSON Lines files. Which files make a split the card says under configs, or their names do.",
            zh: "预览支持 Parquet、Arrow、CSV、JSON 和 JSON Lines 文件。划分由数据集卡片的 configs 或文件名确定。")
    }
    package var viewerNotInstalled: String { pick(en: "The viewer is not installed", zh: "未安装数据预览组件") }
    package var viewerNotInstalledText: String {
        pick(
            en:
                "Rows are read by DuckDB, which this hub does not have. An administrator can install it; files can be downloaded all the same.",
            zh: "数据行由 DuckDB 读取，而当前服务未安装该组件。管理员可以安装它；文件仍可正常下载。")
    }
    package var viewerFetching: String { pick(en: "The file is on its way", zh: "文件正在同步") }
    package var viewerFailed: String { pick(en: "The rows cannot be shown", zh: "无法显示数据行") }
    package var viewerWrongQuestion: String { pick(en: "The question cannot be answered", zh: "无法执行该查询") }
    package var viewerSortUp: String { pick(en: "Sort ascending", zh: "升序排列") }
    package var viewerSortDown: String { pick(en: "Sort descending", zh: "降序排列") }
    package var viewerSortNone: String { pick(en: "Remove the order", zh: "取消排序") }
    package func viewerSort(_ column: String) -> String { pick(en: "Sort by \(column)", zh: "按 \(column) 排序") }
    package func viewerNulls(_ share: String) -> String { pick(en: "null \(share)", zh: "空值 \(share)") }
    package func viewerClasses(_ count: String) -> String { pick(en: "\(count) values", zh: "\(count) 种取值") }
    package func viewerSpan(_ low: String, _ high: String) -> String {
        pick(en: "\(low) – \(high)", zh: "\(low) 至 \(high)")
    }
    package func viewerLengths(_ low: String, _ high: String) -> String {
        pick(en: "lengths \(low) – \(high)", zh: "长度 \(low) 至 \(high)")
    }
    package func viewerBar(_ low: String, _ high: String, _ count: String) -> String {
        pick(en: "\(low) to \(high): \(count) rows", zh: "\(low) 至 \(high)：\(count) 行")
    }
    package func viewerFrequency(_ value: String, _ count: String) -> String {
        pick(en: "\(value): \(count) rows", zh: "\(value)：\(count) 行")
    }
    package func viewerDistribution(_ column: String) -> String {
        pick(en: "Distribution of \(column)", zh: "\(column) 的分布")
    }
    package func viewerComputing(_ done: String, _ all: String) -> String {
        pick(en: "Statistics: \(done) of \(all) columns", zh: "统计：已完成 \(done) / \(all) 列")
    }
    package var viewerCompute: String { pick(en: "Compute statistics", zh: "计算统计信息") }
    package var viewerStatisticsPartial: String {
        pick(en: "Statistics of the first 5 GB", zh: "仅统计前 5 GB")
    }
    package var viewerClose: String { pick(en: "Close", zh: "关闭") }
    package var viewerPreviousRow: String { pick(en: "Previous row", zh: "上一行") }
    package var viewerNextRow: String { pick(en: "Next row", zh: "下一行") }
    package var viewerNull: String { pick(en: "null", zh: "空值") }
    package var viewerPicture: String { pick(en: "Picture", zh: "图片") }
    package var viewerSQL: String { pick(en: "SQL console", zh: "SQL 控制台") }
    package var viewerBack: String { pick(en: "Rows", zh: "返回数据行") }
    package var viewerQuestion: String { pick(en: "Question in SQL", zh: "SQL 查询") }
    package var viewerRun: String { pick(en: "Run", zh: "运行") }
    package var viewerCancel: String { pick(en: "Cancel", zh: "取消") }
    package func viewerTables(_ name: String) -> String {
        pick(en: "The rows are the table data, also called \(name).", zh: "数据表名为 data，也可以用 \(name)。")
    }
    package func viewerLimits(_ rows: String, _ seconds: String, _ memory: String) -> String {
        pick(
            en: "One SELECT that only reads. It may take \(seconds) s and \(memory), and shows up to \(rows) rows.",
            zh: "仅支持单条只读 SELECT 语句，限时 \(seconds) 秒、内存 \(memory)，最多显示 \(rows) 行。")
    }
    package func viewerTook(_ count: String, _ milliseconds: String) -> String {
        pick(en: "\(count) rows in \(milliseconds) ms", zh: "\(count) 行，用时 \(milliseconds) 毫秒")
    }
    package func viewerTookCut(_ count: String, _ milliseconds: String) -> String {
        pick(en: "The first \(count) rows, in \(milliseconds) ms", zh: "前 \(count) 行，用时 \(milliseconds) 毫秒")
    }
    package var viewerExport: String { pick(en: "Export CSV", zh: "导出 CSV") }
    package var viewerColumns: String { pick(en: "Columns", zh: "列信息") }
    package var viewerType: String { pick(en: "Type", zh: "类型") }
    package var viewerResult: String { pick(en: "Result", zh: "结果") }
}

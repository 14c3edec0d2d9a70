/// The page that shows every component in every state; its texts are examples.
extension L10n {
    package var kit: String { pick(en: "Components", zh: "组件") }
    var kitNote: String {
        pick(
            en:
                "Every part pages are made of, in every state: empty, loading, wrong, forbidden, blocked, and too long.",
            zh: "页面的全部组成部分及其各种状态：空、加载中、出错、无权限、被拦截以及超长内容。")
    }
    var kitButtons: String { pick(en: "Buttons and menus", zh: "按钮与菜单") }
    var kitChips: String { pick(en: "States and kinds", zh: "状态与类别") }
    var kitForms: String { pick(en: "Forms", zh: "表单") }
    var kitTables: String { pick(en: "Tables and lists", zh: "表格与列表") }
    var kitProgress: String { pick(en: "Progress, quotas, numbers", zh: "进度、配额与数字") }
    var kitNotices: String { pick(en: "Notices", zh: "提示") }
    var kitText: String { pick(en: "Text to copy", zh: "可复制文本") }
    var kitTraces: String { pick(en: "Steps, rules, logs", zh: "步骤、规则与日志") }
    var kitPlaces: String { pick(en: "Columns", zh: "分栏") }
    var kitErrors: String { pick(en: "Pages for what went wrong", zh: "错误页面") }
    var kitDo: String { pick(en: "Do it", zh: "执行") }
    var kitMore: String { pick(en: "More", zh: "更多") }
    var kitName: String { pick(en: "Name", zh: "名称") }
    var kitNameHint: String { pick(en: "Letters, digits, dots and dashes.", zh: "字母、数字、点和短横线。") }
    var kitNameProblem: String {
        pick(en: "A name cannot start with a dash.", zh: "名称不能以短横线开头。")
    }
    var kitVisibility: String { pick(en: "Visibility", zh: "可见性") }
    var kitPrivate: String { pick(en: "Private", zh: "私有") }
    var kitPublic: String { pick(en: "Public", zh: "公开") }
    var kitDescription: String { pick(en: "Description", zh: "描述") }
    var kitAgree: String { pick(en: "Tell me when it is done", zh: "完成后通知我") }
    var kitForbidden: String { pick(en: "You may look at this, but not change it.", zh: "您可以查看，但无权修改。") }
    var kitSize: String { pick(en: "Size", zh: "大小") }
    var kitChanged: String { pick(en: "Changed", zh: "更新时间") }
    var kitState: String { pick(en: "State", zh: "状态") }
    var kitFiles: String { pick(en: "Files", zh: "文件") }
    var kitEmptyTitle: String { pick(en: "No models yet", zh: "还没有模型") }
    var kitEmptyText: String {
        pick(en: "Models appear here once somebody has uploaded or mirrored one.", zh: "有人上传或镜像模型后会显示在这里。")
    }
    var kitEmptyAction: String { pick(en: "Upload a model", zh: "上传模型") }
    var kitLongText: String {
        pick(
            en:
                "A sentence that goes on for longer than its place is wide, to see where it breaks and that nothing is cut.",
            zh: "这是一句比所在位置更长的话，用来观察“换行”位置是否正确，以及内容会不会被截断。")
    }
    var kitSaved: String { pick(en: "The settings were saved", zh: "设置已保存") }
    var kitSlow: String { pick(en: "The upstream answers slowly", zh: "上游响应缓慢") }
    var kitFailed: String { pick(en: "The upload failed", zh: "上传失败") }
    var kitKnow: String { pick(en: "This model is a copy", zh: "此模型为镜像副本") }
    var kitPlain: String { pick(en: "Nothing was changed", zh: "没有任何改动") }
    var kitStepQueued: String { pick(en: "Queued", zh: "排队") }
    var kitStepFetching: String { pick(en: "Fetching", zh: "下载") }
    var kitStepVerifying: String { pick(en: "Verifying", zh: "校验") }
    var kitStepReady: String { pick(en: "Ready", zh: "就绪") }
    var kitRuleVisibility: String { pick(en: "Visibility", zh: "可见性") }
    var kitRuleLicence: String { pick(en: "Licence", zh: "许可证") }
    var kitRuleScan: String { pick(en: "Scan", zh: "扫描") }
    var kitPass: String { pick(en: "Passed", zh: "通过") }
    var kitBlock: String { pick(en: "Blocks", zh: "拦截") }
    var kitNotAsked: String { pick(en: "Not asked", zh: "未执行") }
    var kitLoading: String { pick(en: "Asking the upstream", zh: "正在查询上游") }
    var kitBlockedMessage: String {
        pick(en: "The licence cc-by-nc-4.0 may not be used here.", zh: "此处不允许使用许可证 cc-by-nc-4.0。")
    }
    var kitBlockedRemedy: String {
        pick(en: "Ask for an exception, or choose a model with another licence.", zh: "请申请例外，或选择采用其他许可证的模型。")
    }
    var kitUsed: String { pick(en: "Storage", zh: "存储空间") }
    var kitCommand: String { pick(en: "Fetch this model", zh: "获取此模型") }
    var kitTokenNote: String { pick(en: "A private model needs a token.", zh: "私有模型需要访问令牌。") }
    var kitSide: String { pick(en: "Filters", zh: "筛选") }
}

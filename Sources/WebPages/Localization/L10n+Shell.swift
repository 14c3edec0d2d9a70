/// What stands around every page.
extension L10n {
    package var models: String { pick(en: "Models", zh: "模型") }
    package var datasets: String { pick(en: "Datasets", zh: "数据集") }
    package var spaces: String { pick(en: "Spaces", zh: "应用空间") }
    package var codes: String { pick(en: "Code", zh: "代码") }
    package var sync: String { pick(en: "Sync", zh: "同步") }
    package var console: String { pick(en: "Console", zh: "控制台") }
    package var skipToContent: String { pick(en: "Skip to content", zh: "跳到正文") }
    package var search: String { pick(en: "Search", zh: "搜索") }
    package var searchHint: String { pick(en: "Search models, datasets, people", zh: "搜索模型、数据集、用户") }
    package var signIn: String { pick(en: "Sign in", zh: "登录") }
    package var signOut: String { pick(en: "Sign out", zh: "退出登录") }
    package var mainNavigation: String { pick(en: "Main", zh: "主导航") }
    package var menu: String { pick(en: "Menu", zh: "菜单") }
    package var account: String { pick(en: "Account", zh: "账号") }
    package var profile: String { pick(en: "Profile", zh: "个人主页") }
    package var settings: String { pick(en: "Settings", zh: "设置") }
    package var language_: String { pick(en: "Language", zh: "语言") }
    package var theme: String { pick(en: "Theme", zh: "主题") }
    package var themeLight: String { pick(en: "Light", zh: "浅色") }
    package var themeDark: String { pick(en: "Dark", zh: "深色") }
    package var themeAutomatic: String { pick(en: "As the system", zh: "跟随系统") }
    package var new: String { pick(en: "New", zh: "新建") }
    package var copy: String { pick(en: "Copy", zh: "复制") }
    package var copied: String { pick(en: "Copied", zh: "已复制") }
    package var close: String { pick(en: "Close", zh: "关闭") }
    package var save: String { pick(en: "Save", zh: "保存") }
    package var cancel: String { pick(en: "Cancel", zh: "取消") }
    package var delete: String { pick(en: "Delete", zh: "删除") }
    package var edit: String { pick(en: "Edit", zh: "编辑") }
    package var previousPage: String { pick(en: "Previous", zh: "上一页") }
    package var nextPage: String { pick(en: "Next", zh: "下一页") }
    package var pages: String { pick(en: "Pages", zh: "分页") }
    package var none: String { pick(en: "None", zh: "无") }
    package var requestID: String { pick(en: "Request", zh: "请求编号") }
    package var home: String { pick(en: "Home", zh: "首页") }
    package var backHome: String { pick(en: "Back to the start page", zh: "返回首页") }
    package var tagline: String {
        pick(en: "Models and datasets, mirrored and governed", zh: "模型与数据集的镜像与治理")
    }
    package var switchToLight: String { pick(en: "Switch to light colours", zh: "切换为浅色") }
    package var switchToDark: String { pick(en: "Switch to dark colours", zh: "切换为深色") }
    package var switchToAutomatic: String { pick(en: "Use the colours of the system", zh: "配色跟随系统") }
    package var orderOfFile: String { pick(en: "In the order of the file", zh: "按文件顺序排列") }
    package var orderNearest: String { pick(en: "Nearest first", zh: "由近及远") }
    package var orderOfLicenses: String { pick(en: "In the order of the licences", zh: "按许可证顺序排列") }
    package var orderOfRoles: String { pick(en: "From the least to the most powerful role", zh: "按角色权限由小到大排列") }
    package var orderOfChecks: String { pick(en: "In the order they are made", zh: "按检查顺序排列") }
    package var denseRows: String { pick(en: "Compact rows", zh: "紧凑行距") }
    package var filters: String { pick(en: "Filters", zh: "筛选") }
    package var clearFilters: String { pick(en: "Clear all", zh: "全部清除") }
    package func removeFilter(_ name: String) -> String {
        pick(en: "Remove the filter \(name)", zh: "移除筛选条件 \(name)")
    }
    package var activeFilters: String { pick(en: "Active filters", zh: "已选筛选条件") }
    package var steps: String { pick(en: "Steps", zh: "步骤") }
    package var log: String { pick(en: "Log", zh: "日志") }
    package var documentation: String { pick(en: "API description", zh: "接口说明") }
    package var shortcuts: String { pick(en: "Keyboard shortcuts", zh: "键盘快捷键") }
    package var shortcutsOn: String { pick(en: "Use these shortcuts", zh: "启用这些快捷键") }
    package var keySearch: String { pick(en: "Search", zh: "搜索") }
    package var keyHelp: String { pick(en: "Show this list", zh: "显示此列表") }
    package var keyGo: String {
        pick(en: "Go to models, datasets, spaces, console, sync", zh: "前往模型、数据集、应用空间、控制台、同步")
    }
    package var keyRows: String { pick(en: "Next row, previous row, open it", zh: "下一行、上一行、打开") }
    package var keyPages: String { pick(en: "Previous page, next page", zh: "上一页、下一页") }
    package var keyTheme: String { pick(en: "Change the colours", zh: "切换配色") }
    package var keyFind: String { pick(en: "Find a file", zh: "查找文件") }
    package var keyEdit: String { pick(en: "Edit this file", zh: "编辑此文件") }
    package var keyPermalink: String { pick(en: "Pin the address to this revision", zh: "将地址固定到当前版本") }
    package var keyClose: String { pick(en: "Close what is open", zh: "关闭弹出内容") }

    /// What is said on the page after a change: `?done=saved`. Nil for a word that nothing means.
    package func done(_ word: String) -> String? {
        switch word {
        case "saved", "updated": pick(en: "Saved.", zh: "已保存。")
        case "created": pick(en: "Created.", zh: "已创建。")
        case "added": pick(en: "Added.", zh: "已添加。")
        case "deleted", "removed": pick(en: "Deleted.", zh: "已删除。")
        case "renamed", "moved": pick(en: "Renamed.", zh: "已重命名。")
        case "uploaded": pick(en: "Uploaded.", zh: "已上传。")
        case "committed": pick(en: "Committed.", zh: "已提交。")
        case "started": pick(en: "Started.", zh: "已开始。")
        case "paused": pick(en: "Paused.", zh: "已暂停。")
        case "resumed": pick(en: "Resumed.", zh: "已恢复。")
        case "cancelled": pick(en: "Cancelled.", zh: "已取消。")
        case "retried": pick(en: "It will be tried again.", zh: "将重新尝试。")
        case "sent": pick(en: "Sent.", zh: "已发送。")
        case "requested": pick(en: "The request was made.", zh: "申请已提交。")
        case "approved": pick(en: "Approved.", zh: "已批准。")
        case "rejected": pick(en: "Rejected.", zh: "已拒绝。")
        case "revoked": pick(en: "Revoked.", zh: "已撤销。")
        case "merged": pick(en: "Merged.", zh: "已合并。")
        case "closed": pick(en: "Closed.", zh: "已关闭。")
        case "reopened": pick(en: "Opened again.", zh: "已重新打开。")
        case "locked": pick(en: "Locked.", zh: "已锁定。")
        case "unlocked": pick(en: "Unlocked.", zh: "已解锁。")
        case "restored": pick(en: "Restored.", zh: "已还原。")
        case "verified": pick(en: "Verified.", zh: "已校验。")
        case "invited": pick(en: "Invited.", zh: "已邀请。")
        case "signed-out": pick(en: "Signed out.", zh: "已退出登录。")
        default: nil
        }
    }
}

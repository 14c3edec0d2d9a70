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
}

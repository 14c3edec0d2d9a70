/// Lists, searches, comparisons, profiles and the start page.
extension L10n {
    // MARK: Kinds

    package func kindName(_ kind: CatalogueKind) -> String {
        switch kind {
        case .model: pick(en: "Model", zh: "模型")
        case .dataset: pick(en: "Dataset", zh: "数据集")
        case .space: pick(en: "Space", zh: "应用空间")
        case .code: pick(en: "Code", zh: "代码")
        case .prompt: pick(en: "Prompt", zh: "提示词")
        case .mcpserver: pick(en: "MCP server", zh: "MCP 服务")
        case .skill: pick(en: "Skill", zh: "技能")
        }
    }

    package func kindsName(_ kind: CatalogueKind) -> String {
        switch kind {
        case .model: models
        case .dataset: datasets
        case .space: spaces
        case .code: codes
        case .prompt: pick(en: "Prompts", zh: "提示词")
        case .mcpserver: pick(en: "MCP servers", zh: "MCP 服务")
        case .skill: pick(en: "Skills", zh: "技能")
        }
    }

    // MARK: Rows

    package var rowWhy: String { pick(en: "Why?", zh: "为什么？") }
    package var rowMirror: String { pick(en: "Mirror", zh: "镜像") }
    package var rowReview: String { pick(en: "Needs approval", zh: "需审批") }
    package var rowPrivate: String { pick(en: "Private", zh: "私有") }
    package var rowGated: String { pick(en: "Gated", zh: "需申请") }
    package func rowParameters(_ count: String) -> String { pick(en: "\(count) parameters", zh: "\(count) 个参数") }
    package func rowDownloads(_ count: String) -> String { pick(en: "\(count) downloads", zh: "下载 \(count) 次") }
    package func rowLikes(_ count: String) -> String { pick(en: "\(count) likes", zh: "\(count) 次点赞") }
}

// MARK: Lists

extension L10n {
    package func listTitle(_ kinds: String, _ task: String) -> String {
        pick(en: "\(kinds): \(task)", zh: "\(kinds)：\(task)")
    }
    package func listCount(_ count: Int, _ text: String) -> String {
        pick(count, one: "\(text) repository", many: "\(text) repositories", zh: "共 \(text) 个")
    }
    package func listSearch(_ kinds: String) -> String { pick(en: "Search \(kinds)", zh: "搜索\(kinds)") }
    package var listSort: String { pick(en: "Sort", zh: "排序") }
    package func listRange(_ first: String, _ last: String, _ total: String) -> String {
        pick(en: "\(first)–\(last) of \(total)", zh: "第 \(first)–\(last) 个，共 \(total) 个")
    }
    package var listFirstPage: String { pick(en: "First page", zh: "第一页") }
    package var listNothingFits: String { pick(en: "Nothing here fits", zh: "没有符合条件的内容") }
    package var listNothingFitsText: String {
        pick(
            en: "No repository that you may see has all of this. Take a condition away, or look upstream.",
            zh: "您可见的仓库中没有同时满足这些条件的。可去掉一个条件，或在上游中查找。")
    }
    package func listEmpty(_ kinds: String) -> String { pick(en: "\(kinds): none yet", zh: "\(kinds)：暂无内容") }
    package var listEmptyText: String {
        pick(
            en: "What is uploaded here, or fetched from an upstream, is listed here.",
            zh: "上传到本站或从上游拉取的内容会显示在这里。")
    }
    package var sortRelevance: String { pick(en: "Relevance", zh: "相关度") }
    package var sortUpdated: String { pick(en: "Updated", zh: "最近更新") }
    package var sortCreated: String { pick(en: "Created", zh: "创建时间") }
    package var sortDownloads: String { pick(en: "Downloads", zh: "下载量") }
    package var sortLikes: String { pick(en: "Likes", zh: "点赞数") }
    package var sortSize: String { pick(en: "Size", zh: "大小") }
    package var sortParameters: String { pick(en: "Parameters", zh: "参数量") }
    package var sourceSwitch: String { pick(en: "Where to look", zh: "来源") }
    package var sourceAll: String { pick(en: "All", zh: "全部") }
    package var sourceLocal: String { pick(en: "Local", zh: "本站") }
    package var sourceUpstream: String { pick(en: "Upstream", zh: "上游") }

    // MARK: Facets

    package var facetFilters: String { pick(en: "Filters", zh: "筛选") }
    package func facetFiltersChosen(_ count: Int) -> String {
        count == 0 ? facetFilters : pick(en: "Filters (\(count))", zh: "筛选（\(count)）")
    }
    package var facetApply: String { pick(en: "Apply", zh: "应用") }
    package var facetSearch: String { pick(en: "Type to filter", zh: "输入以筛选") }
    package func facetSearchIn(_ title: String) -> String { pick(en: "Filter \(title)", zh: "在“\(title)”中筛选") }
    package func facetMore(_ count: Int) -> String { pick(en: "\(count) more", zh: "另有 \(count) 项") }
    package var facetClear: String { pick(en: "Clear all", zh: "清除全部") }
    package func facetWords(_ words: String) -> String { pick(en: "“\(words)”", zh: "“\(words)”（搜索词）") }
    package func facetChosen(_ title: String, _ label: String) -> String {
        pick(en: "\(title): \(label)", zh: "\(title)：\(label)")
    }
    package var facetTask: String { pick(en: "Task", zh: "任务") }
    package var facetLibrary: String { pick(en: "Library", zh: "框架") }
    package var facetLanguage: String { pick(en: "Language", zh: "语言") }
    package var facetLicense: String { pick(en: "Licence", zh: "许可证") }
    package var facetSize: String { pick(en: "Size", zh: "大小") }
    package var facetTag: String { pick(en: "Tags", zh: "标签") }
    package var facetOwner: String { pick(en: "Owner", zh: "所有者") }
    package var facetState: String { pick(en: "Mirror state", zh: "镜像状态") }
    package func sizeRange(_ word: String) -> String {
        switch word {
        case "1GB", "1gb": pick(en: "below 1 GB", zh: "小于 1 GB")
        case "10GB", "10gb": pick(en: "1–10 GB", zh: "1–10 GB 之间")
        case "50GB", "50gb": pick(en: "10–50 GB", zh: "10–50 GB 之间")
        case "200GB", "200gb": pick(en: "50–200 GB", zh: "50–200 GB 之间")
        default: pick(en: "200 GB and more", zh: "200 GB 以上")
        }
    }

    // MARK: Upstreams

    package var upstreamShow: String { pick(en: "Show upstream results", zh: "显示上游结果") }
    package func upstreamFound(_ count: Int) -> String {
        pick(count, one: "\(count) more", many: "\(count) more", zh: "另有 \(count) 个")
    }
    package func upstreamAll(_ count: String) -> String { pick(en: "All \(count)", zh: "全部 \(count) 个") }
    package var upstreamLate: String { pick(en: "Timed out", zh: "响应超时") }
    package var upstreamFailed: String { pick(en: "No answer", zh: "无应答") }
    package var upstreamRetry: String { pick(en: "Retry", zh: "重试") }
    package var upstreamNothing: String { pick(en: "Nothing else there fits.", zh: "那里没有其他符合的内容。") }
    package var upstreamNone: String {
        pick(en: "No upstream is set up to be looked through.", zh: "尚未配置可浏览的上游。")
    }
    package var upstreamNeedsAccount: String {
        pick(en: "What upstreams have is shown to those who sign in.", zh: "登录后可查看上游内容。")
    }
}

// MARK: Searching and comparing

extension L10n {
    package func searchFor(_ text: String) -> String { pick(en: "“\(text)”", zh: "搜索“\(text)”") }
    package var searchKinds: String { pick(en: "Kinds", zh: "类型") }
    package var searchPeople: String { pick(en: "People and organisations", zh: "用户与组织") }
    package var searchRepositories: String { pick(en: "Repositories", zh: "仓库") }
    package var searchOrganisation: String { pick(en: "Organisation", zh: "组织") }
    package var searchPerson: String { pick(en: "User", zh: "用户") }
    package var searchNothingAsked: String {
        pick(en: "Type a name, a task or a tag.", zh: "请输入名称、任务或标签。")
    }
    package func searchNothing(_ text: String) -> String {
        pick(en: "Nothing here fits “\(text)”", zh: "没有与“\(text)”相符的内容")
    }
    package var searchNothingText: String {
        pick(
            en: "Names, tags, descriptions and cards of what you may see were searched.",
            zh: "已搜索您可见仓库的名称、标签、简介与卡片。")
    }
    package var searchUpstream: String { pick(en: "Search upstreams too", zh: "同时搜索上游") }
    package func searchEverywhere(_ text: String) -> String {
        pick(en: "Search everywhere for “\(text)”", zh: "全站搜索“\(text)”")
    }
    package var palettePage: String { pick(en: "Page", zh: "页面") }
    package var paletteAction: String { pick(en: "Action", zh: "操作") }

    package var compareTitle: String { pick(en: "Compare", zh: "对比") }
    package var compareNote: String {
        pick(en: "What differs stands out. The order is that of the address.", zh: "有差异的行会突出显示，顺序与地址一致。")
    }
    package func compareMissing(_ name: String) -> String {
        pick(en: "“\(name)” is not here, or not for you", zh: "“\(name)”不存在或您无权查看")
    }
    package func compareRemove(_ name: String) -> String { pick(en: "Leave out \(name)", zh: "移除 \(name)") }
    package var compareDiffers: String { pick(en: "(differs)", zh: "（有差异）") }
    package var compareWhat: String { pick(en: "Property", zh: "属性") }
    package var compareKind: String { pick(en: "Kind", zh: "类型") }
    package var compareBase: String { pick(en: "Made from", zh: "基础模型") }
    package var compareAdd: String { pick(en: "Add a repository", zh: "添加仓库") }
    package var compareAddHint: String {
        pick(en: "Kind and name, as in model:acme/demo; up to four.", zh: "类型与名称，例如 model:acme/demo，最多四个。")
    }
    package var compareButton: String { pick(en: "Compare", zh: "加入对比") }

    // MARK: Home

    package var homeSearch: String { pick(en: "Search the hub", zh: "站内搜索") }
    package var homeHere: String { pick(en: "What is here", zh: "本站内容") }
    package var homeOwn: String { pick(en: "Yours", zh: "我的仓库") }
    package var homeRecommended: String { pick(en: "Recommended for you", zh: "为您推荐") }
    package var homeTrending: String { pick(en: "Taken most this week", zh: "本周热门") }
    package var homeRecent: String { pick(en: "Recently updated", zh: "最近更新") }
    package var homeAll: String { pick(en: "All", zh: "全部") }
    package var homeMirrors: String { pick(en: "Mirrors", zh: "镜像源") }
    package var homeNoMirrors: String {
        pick(en: "No mirror is set up: a file in mirrors.d makes one.", zh: "尚未配置镜像源：在 mirrors.d 中添加文件即可。")
    }
    package func homeEntries(_ count: String) -> String { pick(en: "\(count) known", zh: "已知 \(count) 个") }
    package var homeMirrorUp: String { pick(en: "Up to date", zh: "已是最新") }
    package var homeMirrorReading: String { pick(en: "Reading", zh: "读取中") }
    package var homeMirrorWaiting: String { pick(en: "Waiting", zh: "等待中") }
    package var homeMirrorFailed: String { pick(en: "No answer", zh: "无应答") }
    package var homeMirrorNew: String { pick(en: "Not read yet", zh: "尚未读取") }
    package var homeMirrorOffline: String { pick(en: "Offline", zh: "离线") }
    package var homeUse: String { pick(en: "Use this hub", zh: "使用本站") }
    package var homeUseText: String {
        pick(
            en: "Every Hugging Face client works with this hub. What is not here is fetched from an upstream.",
            zh: "所有 Hugging Face 客户端均可直接使用本站；本站没有的内容会从上游拉取。")
    }
    package var homeWelcome: String { pick(en: "This hub is new. Begin with these:", zh: "这是一个全新的站点，请从这里开始：") }
    package var homeStepAccount: String { pick(en: "1. Make an account", zh: "1. 创建账号") }
    package var homeStepAccountText: String {
        pick(en: "On the machine that the hub runs on:", zh: "在运行本站的机器上执行：")
    }
    package var homeStepUpload: String { pick(en: "2. Put something in", zh: "2. 上传内容") }
    package var homeStepUploadText: String {
        pick(en: "With the client that you know, from anywhere:", zh: "使用熟悉的客户端，在任意位置执行：")
    }
    package var homeStepMirror: String { pick(en: "3. Mirror an upstream", zh: "3. 镜像上游") }
    package var homeStepMirrorText: String {
        pick(
            en: "A file in mirrors.d names an upstream; then whatever is asked for is fetched and kept.",
            zh: "在 mirrors.d 中声明上游后，被请求的内容会自动拉取并保存。")
    }
    package var homeNewRepository: String { pick(en: "New repository", zh: "新建仓库") }
    package var homeUpstreams: String { pick(en: "Upstreams", zh: "上游列表") }

    // MARK: Profiles

    package var profileNamespace: String { pick(en: "Namespace", zh: "命名空间") }
    package var profileOrganisations: String { pick(en: "Member of", zh: "所属组织") }
    package var profileCollections: String { pick(en: "Collections", zh: "合集") }
    package var profileLikes: String { pick(en: "Likes", zh: "点赞") }
    package var profileMembers: String { pick(en: "Members", zh: "成员") }
    package var profileMember: String { pick(en: "Member", zh: "成员") }
    package var profileRole: String { pick(en: "Role", zh: "角色") }
    package var profileEmpty: String { pick(en: "No repositories to see here", zh: "暂无可见的仓库") }
    package var profileEmptyText: String {
        pick(en: "Those that are private are shown to those who may see them.", zh: "私有仓库仅对有权限的人可见。")
    }
    package var profileNoCollections: String { pick(en: "No collections", zh: "暂无合集") }
    package var profileNoCollectionsText: String {
        pick(en: "Collections put repositories together under one title.", zh: "合集把多个仓库归到一个标题下。")
    }
    package var profileNoLikes: String { pick(en: "No likes", zh: "暂无点赞") }
    package var profileNoLikesText: String {
        pick(en: "What is liked is listed here.", zh: "点赞过的仓库会显示在这里。")
    }
}

/// Users, organisations, quotas, and how the hub itself stands.
extension L10n {
    // MARK: Organisations

    package var organisations: String { pick(en: "Organisations", zh: "组织") }
    package var organisationSettings: String { pick(en: "Settings", zh: "设置") }
    package var organisationMembers: String { pick(en: "Members", zh: "成员") }
    package var organisationTeams: String { pick(en: "Teams", zh: "团队") }
    package var organisationRobots: String { pick(en: "Robots", zh: "机器人") }
    package var organisationTokens: String { pick(en: "Robot tokens", zh: "机器人令牌") }
    package var organisationGrants: String { pick(en: "Grants", zh: "授权") }
    package var organisationQuota: String { pick(en: "Quota", zh: "配额") }
    package func organisationNavigation(_ name: String) -> String {
        pick(en: "Organisation \(name)", zh: "组织 \(name)")
    }
    package var organisationName: String { pick(en: "Name", zh: "名称") }
    package var organisationNameHint: String {
        pick(
            en: "Stands in every path of its repositories, and stays. Letters, digits, '.', '_' and '-'.",
            zh: "用于所有仓库路径，创建后不可更改。可使用字母、数字、“.”、“_”和“-”。")
    }
    package var organisationFullName: String { pick(en: "Full name", zh: "全称") }
    package var organisationDescription: String { pick(en: "Description", zh: "简介") }
    package var organisationHomepage: String { pick(en: "Web page", zh: "主页") }
    package var organisationPrivate: String {
        pick(en: "New repositories are private unless their maker says otherwise", zh: "新建仓库默认为私有")
    }
    package var organisationDelete: String { pick(en: "Dissolve the organisation", zh: "解散组织") }
    package var organisationDeleteNote: String {
        pick(
            en:
                "Only one that owns nothing any more: no repositories, teams, robots or roles. Its name stays reserved.",
            zh: "仅可解散已不拥有任何仓库、团队、机器人或角色的组织。名称将继续保留。")
    }
    package func organisationTypeName(_ name: String) -> String {
        pick(en: "Type '\(name)' to confirm", zh: "输入“\(name)”以确认")
    }
    package var organisationNameDiffers: String {
        pick(en: "The name you typed is another one.", zh: "输入的名称不一致。")
    }
    package var organisationSettingsNote: String {
        pick(en: "How it is called, and what holds for what is made in it.", zh: "组织的名称，以及对其中新建内容的约定。")
    }

    package func organisationRole(_ role: String) -> String {
        switch role {
        case "reader": pick(en: "Reader", zh: "读者")
        case "contributor": pick(en: "Contributor", zh: "贡献者")
        case "writer": pick(en: "Writer", zh: "写入者")
        case "maintainer": pick(en: "Maintainer", zh: "维护者")
        case "admin": pick(en: "Admin", zh: "管理员")
        case "auditor": pick(en: "Auditor", zh: "审计员")
        case "operator": pick(en: "Operator", zh: "运维员")
        case "gatekeeper": pick(en: "Gatekeeper", zh: "准入审批员")
        default: role
        }
    }
    package var organisationRoleLabel: String { pick(en: "Role", zh: "角色") }
    package var organisationRoles: String { pick(en: "What each role may do", zh: "各角色的权限") }
    package var organisationRight: String { pick(en: "Right", zh: "权限") }
    package func organisationRightName(_ right: String) -> String {
        switch right {
        case "read": pick(en: "See and read everything in it", zh: "查看并读取全部内容")
        case "create": pick(en: "Make repositories, and write to those", zh: "新建仓库，并写入自己创建的仓库")
        case "write": pick(en: "Write to every repository", zh: "写入所有仓库")
        case "settings": pick(en: "Change settings, let people through gates", zh: "修改设置，审批访问申请")
        default:
            pick(
                en: "Decide who is what, remove and rename repositories, read the record of changes",
                zh: "管理成员与角色，删除和重命名仓库，查看审计日志")
        }
    }
    package var organisationMay: String { pick(en: "yes", zh: "可以") }
    package var organisationMayNot: String { pick(en: "no", zh: "不可以") }

    package var organisationMembersNote: String {
        pick(en: "Who belongs to it, and as what.", zh: "组织成员及其角色。")
    }
    package func organisationMemberCount(_ count: Int64) -> String {
        pick(Int(clamping: count), one: "1 member", many: "\(number(count)) members", zh: "\(number(count)) 名成员")
    }
    package var organisationMember: String { pick(en: "Member", zh: "成员") }
    package var organisationSince: String { pick(en: "Since", zh: "加入时间") }
    package var organisationAddMember: String { pick(en: "Add a member", zh: "添加成员") }
    package var organisationAdd: String { pick(en: "Add", zh: "添加") }
    package var organisationChange: String { pick(en: "Change", zh: "更改") }
    package func organisationRoleOf(_ name: String) -> String { pick(en: "Role of \(name)", zh: "\(name) 的角色") }
    package func organisationRemoveWarning(_ name: String) -> String {
        pick(
            en: "\(name) loses every right that came with membership. What he made stays.",
            zh: "\(name) 将失去所有成员权限，其创建的内容保留。")
    }
    package var organisationLeave: String { pick(en: "Leave", zh: "退出组织") }
    package var organisationLeaveWarning: String {
        pick(en: "You lose every right that came with membership.", zh: "您将失去所有成员权限。")
    }
    package func organisationNobody(_ name: String) -> String {
        pick(en: "There is nobody called '\(name)'.", zh: "没有名为“\(name)”的用户。")
    }
    package var organisationLastAdmin: String {
        pick(en: "An organisation keeps at least one admin.", zh: "组织至少须保留一名管理员。")
    }
    package var organisationTooMuch: String {
        pick(en: "You may not give away what you may not do yourself.", zh: "不能授予您自己没有的权限。")
    }

    package var organisationTeamsNote: String {
        pick(en: "Some members under one name, to give rights to together.", zh: "将部分成员归为一组，便于统一授权。")
    }
    package var organisationTeamNew: String { pick(en: "New team", zh: "新建团队") }
    package var organisationTeamName: String { pick(en: "Name of the team", zh: "团队名称") }
    package var organisationCreate: String { pick(en: "Create", zh: "创建") }
    package var organisationTeamsNone: String { pick(en: "No teams yet", zh: "尚无团队") }
    package var organisationTeamsNoneText: String {
        pick(en: "A team gets rights by a grant, and hands them to whoever is in it.", zh: "团队通过授权获得权限，成员随之拥有。")
    }
    package func organisationTeamWarning(_ name: String) -> String {
        pick(en: "Every grant to '\(name)' ends with it.", zh: "授予“\(name)”的全部权限将一并失效。")
    }
    package func organisationTeamAdd(_ name: String) -> String {
        pick(en: "Add a member to \(name)", zh: "向 \(name) 添加成员")
    }
    package func organisationTakeOut(_ user: String) -> String { pick(en: "Take \(user) out", zh: "移出 \(user)") }
    package var organisationNobodyYet: String { pick(en: "Nobody yet.", zh: "暂无成员。") }

    package var organisationRobotsNote: String {
        pick(en: "Accounts for programs. They have tokens and no password.", zh: "供程序使用的账号，仅有令牌，没有密码。")
    }
    package var organisationRobotNew: String { pick(en: "New robot", zh: "新建机器人") }
    package var organisationRobot: String { pick(en: "Robot", zh: "机器人") }
    package var organisationRobotsNone: String { pick(en: "No robots yet", zh: "尚无机器人") }
    package var organisationRobotsNoneText: String {
        pick(
            en: "A robot keeps a pipeline working when its maker leaves.", zh: "使用机器人账号，流水线不会因人员变动而中断。")
    }
    package func organisationRobotWarning(_ name: String) -> String {
        pick(
            en: "Every token and right of '\(name)' ends. The name is not given again.",
            zh: "“\(name)”的全部令牌与权限将失效，且名称不再分配。")
    }
    package var organisationTokensNote: String {
        pick(en: "Each for one program, with no more than it needs.", zh: "每个程序一个令牌，只授予所需权限。")
    }
    package var organisationTokensOf: String { pick(en: "Tokens", zh: "令牌") }

    package var organisationGrantsNote: String {
        pick(
            en: "Rights that are given or taken apart from membership, down to paths and refs.",
            zh: "成员身份之外单独授予或收回的权限，可精确到路径与引用。")
    }
    package var organisationGrantNew: String { pick(en: "New grant", zh: "新建授权") }
    package var organisationGrantsNone: String { pick(en: "No grants yet", zh: "尚无授权") }
    package var organisationGrantsNoneText: String {
        pick(
            en: "Roles of members hold. A grant adds to them, or takes from them.", zh: "成员角色照常生效，授权可在此之上增减权限。")
    }
    package var organisationGrantTo: String { pick(en: "To whom", zh: "授予对象") }
    package func organisationSubject(_ kind: String) -> String {
        switch kind {
        case "everyone": pick(en: "Everyone", zh: "所有人")
        case "authenticated": pick(en: "Everyone with an account", zh: "所有登录用户")
        case "user": pick(en: "A user or robot", zh: "用户或机器人")
        case "team": pick(en: "A team of this organisation", zh: "本组织的团队")
        default: pick(en: "Members of an organisation", zh: "某组织的成员")
        }
    }
    package var organisationGrantName: String { pick(en: "Its name", zh: "对象名称") }
    package var organisationGrantNameHint: String {
        pick(en: "Of the user, robot, team or organisation.", zh: "用户、机器人、团队或组织的名称。")
    }
    package var organisationEffect: String { pick(en: "Effect", zh: "效果") }
    package var organisationAllow: String { pick(en: "Allow", zh: "允许") }
    package var organisationDeny: String { pick(en: "Deny", zh: "拒绝") }
    package var organisationPaths: String { pick(en: "Paths", zh: "路径") }
    package var organisationPathsHint: String {
        pick(en: "Such as data/pii/**. Empty for all.", zh: "例如 data/pii/**，留空表示全部。")
    }
    package var organisationRefs: String { pick(en: "Refs", zh: "引用") }
    package var organisationRefsHint: String {
        pick(en: "Such as refs/heads/release/*. Empty for all.", zh: "例如 refs/heads/release/*，留空表示全部。")
    }
    package var organisationSources: String { pick(en: "From which addresses", zh: "来源地址") }
    package var organisationSourcesHint: String {
        pick(en: "Such as 10.0.0.0/8, separated by commas. Empty for anywhere.", zh: "例如 10.0.0.0/8，以逗号分隔，留空表示不限。")
    }
    package var organisationEverything: String { pick(en: "Everything", zh: "全部") }
    package var organisationAnywhere: String { pick(en: "Anywhere", zh: "不限") }
    package var organisationGrantWarning: String {
        pick(en: "What it gave is gone at once; what it took is back.", zh: "授予的权限立即失效，收回的权限立即恢复。")
    }
    package func organisationMembersFrom(_ name: String, _ role: String) -> String {
        pick(en: "Members of \(name) from \(role) up", zh: "\(name) 中 \(role) 及以上的成员")
    }
    package func organisationTeamNamed(_ name: String) -> String { pick(en: "Team \(name)", zh: "团队 \(name)") }
    package var organisationGone: String { pick(en: "Somebody who is gone", zh: "已不存在的对象") }

    package var organisationQuotaNote: String {
        pick(en: "What it may hold, and what it holds.", zh: "可用额度与当前用量。")
    }

    package var adminOrganisationsNote: String {
        pick(en: "Each owns the namespace of its name.", zh: "每个组织拥有与其同名的命名空间。")
    }
    package var adminOrganisationNew: String { pick(en: "New organisation", zh: "新建组织") }
    package var adminOrganisationOwner: String { pick(en: "First admin", zh: "首任管理员") }
    package var adminOrganisationsNone: String { pick(en: "No organisations", zh: "没有组织") }
    package var adminOrganisationsNoneText: String {
        pick(en: "An administrator founds them.", zh: "由管理员创建。")
    }
    package var adminSearch: String { pick(en: "Search by name", zh: "按名称搜索") }
    package func adminCount(_ from: Int, _ to: Int, _ total: Int64) -> String {
        pick(
            en: "\(number(from))–\(number(to)) of \(number(total))",
            zh: "第 \(number(from))–\(number(to)) 项，共 \(number(total)) 项")
    }
    package func adminTotal(_ total: Int64) -> String {
        pick(en: "\(number(total)) in all", zh: "共 \(number(total)) 项")
    }

    // MARK: Users

    package var adminUsers: String { pick(en: "Users", zh: "用户") }
    package var adminUsersNote: String { pick(en: "People with accounts, by name.", zh: "拥有账号的用户，按名称排序。") }
    package var adminUserNew: String { pick(en: "New user", zh: "新建用户") }
    package var adminUser: String { pick(en: "User", zh: "用户") }
    package var adminUserNameHint: String {
        pick(
            en: "Also the name of their own namespace, and stays. Letters, digits, '.', '_' and '-'.",
            zh: "同时是其个人命名空间，创建后不可更改。可使用字母、数字、“.”、“_”和“-”。")
    }
    package var adminUserPassword: String { pick(en: "First password", zh: "初始密码") }
    package var adminUserPasswordHint: String {
        pick(
            en: "At least 10 characters. Empty for an account that signs in with nothing but tokens.",
            zh: "至少 10 个字符。留空则该账号只能使用令牌。")
    }
    package var adminUserAdministrator: String { pick(en: "Administers this hub", zh: "设为管理员") }
    package var adminUsersNone: String { pick(en: "Nobody is called like that", zh: "没有匹配的用户") }
    package var adminUsersNoneText: String {
        pick(en: "Search for a part of the name.", zh: "请尝试搜索名称的一部分。")
    }
    package var adminState: String { pick(en: "State", zh: "状态") }
    package var adminActive: String { pick(en: "Active", zh: "正常") }
    package var adminDisabled: String { pick(en: "Shut out", zh: "已停用") }
    package var adminDisable: String { pick(en: "Shut out", zh: "停用账号") }
    package var adminDisableNote: String {
        pick(
            en: "Sessions and tokens end at once and for good. Repositories stay as they are.",
            zh: "会话与令牌立即永久失效，仓库保持不变。")
    }
    package var adminEnable: String { pick(en: "Let in again", zh: "恢复账号") }
    package var adminPromote: String { pick(en: "Make administrator", zh: "设为管理员") }
    package var adminPromoteNote: String {
        pick(en: "May then govern every account and repository of this hub.", zh: "将可管理本站的全部账号与仓库。")
    }
    package var adminDemote: String { pick(en: "No longer administrator", zh: "取消管理员") }
    package var adminDemoteNote: String {
        pick(en: "Keeps the account, and what belongs to it. Tokens that administer end.", zh: "账号及其内容保留，管理类令牌失效。")
    }
    package var adminLastAdministrator: String {
        pick(en: "This is the last administrator.", zh: "这是最后一名管理员。")
    }
    package var adminReset: String { pick(en: "Give a new password", zh: "重置密码") }
    package var adminResetNote: String {
        pick(en: "Every session and token of the account ends.", zh: "该账号的全部会话与令牌将失效。")
    }
    package var adminEndSessions: String { pick(en: "End all sessions", zh: "结束全部会话") }
    package var adminRevokeTokens: String { pick(en: "Revoke all tokens", zh: "撤销全部令牌") }
    package var adminRevokeTokensWarning: String {
        pick(en: "Every program that uses one of them is refused at once.", zh: "使用这些令牌的程序将立即被拒绝。")
    }
    package var adminEndSessionsWarning: String {
        pick(en: "The account is signed out everywhere.", zh: "该账号将在所有位置退出登录。")
    }
    package var adminNoTokens: String { pick(en: "No tokens that count.", zh: "没有有效令牌。") }
    package var adminNoSessions: String { pick(en: "Signed in nowhere.", zh: "当前未在任何位置登录。") }
    package var adminAccess: String { pick(en: "Access", zh: "访问控制") }
    package var adminNameTaken: String {
        pick(en: "This name is taken, reserved, or has signs that do not do.", zh: "该名称已被占用、被保留或含有不允许的字符。")
    }

    // MARK: Quotas

    package var adminQuotas: String { pick(en: "Quotas", zh: "配额") }
    package var adminQuotasNote: String {
        pick(en: "What accounts hold of what they may hold, the fullest first.", zh: "各账号的用量与上限，按用量从高到低排列。")
    }
    package var adminAccount: String { pick(en: "Account", zh: "账号") }
    package var adminStorage: String { pick(en: "Storage", zh: "存储") }
    package var adminRepositories: String { pick(en: "Repositories", zh: "仓库") }
    package var adminReserved: String { pick(en: "Being uploaded", zh: "上传中") }
    package var adminLimitOwn: String { pick(en: "Own limit", zh: "单独设置") }
    package var adminLimitDefault: String { pick(en: "Default limit", zh: "默认限额") }
    package var adminLimits: String { pick(en: "Limits", zh: "限额") }
    package var adminUnlimited: String { pick(en: "no limit", zh: "不限") }
    package func adminOf(_ used: String, _ limit: String) -> String {
        pick(en: "\(used) of \(limit)", zh: "\(used) / \(limit)")
    }
    package var adminSetLimit: String { pick(en: "Set limits", zh: "设置限额") }
    package var adminLimitBytes: String { pick(en: "Storage limit", zh: "存储上限") }
    package var adminLimitBytesHint: String {
        pick(
            en: "Such as 500 GB, or 'unlimited'. Empty for the default of the server.",
            zh: "例如 500 GB 或 unlimited（不限）。留空使用服务器默认值。")
    }
    package var adminLimitRepositories: String { pick(en: "Number of repositories", zh: "仓库数量上限") }
    package var adminLimitRepositoriesHint: String {
        pick(en: "A number, or 'unlimited'. Empty for the default.", zh: "数字或 unlimited（不限）。留空使用默认值。")
    }
    package var adminLimitWrong: String {
        pick(en: "This is neither a size, nor 'unlimited', nor empty.", zh: "请填写大小、unlimited，或留空。")
    }
    package var adminAccountWrong: String {
        pick(en: "This is not the name of a user or an organisation.", zh: "这不是用户或组织的名称。")
    }
    package var adminQuotasNone: String { pick(en: "Nobody stores anything yet", zh: "尚无存储用量") }
    package var adminQuotasNoneText: String {
        pick(en: "Accounts appear here when they hold something, or have limits of their own.", zh: "账号有用量或单独限额后会显示在此。")
    }
    package var adminMirrorUse: String { pick(en: "Use of mirrors today", zh: "今日镜像用量") }
    package var adminMirrorUseNone: String {
        pick(en: "No mirror has quotas. They are set in the policy files.", zh: "没有镜像设置配额，可在策略文件中设置。")
    }
    package var adminMirror: String { pick(en: "Mirror", zh: "镜像") }
    package var adminSubject: String { pick(en: "Who", zh: "对象") }
    package var adminBytesToday: String { pick(en: "Fetched today", zh: "今日下载量") }
    package var adminRequestsNow: String { pick(en: "Requests this minute", zh: "本分钟请求数") }
    package var adminStoredShare: String { pick(en: "Kept in the mirror", zh: "镜像中的占用") }
    package var adminLargest: String { pick(en: "Largest repositories", zh: "占用最大的仓库") }
    package var adminRepository: String { pick(en: "Repository", zh: "仓库") }
    package var adminSize: String { pick(en: "Size", zh: "大小") }
    package var adminNothingHeld: String { pick(en: "It holds nothing.", zh: "没有占用。") }

    // MARK: System

    package var adminSystem: String { pick(en: "System", zh: "系统") }
    package var adminSystemNote: String { pick(en: "How the hub itself stands.", zh: "站点自身的运行状况。") }
    package var adminVersion: String { pick(en: "Version", zh: "版本") }
    package var adminUptime: String { pick(en: "Running since", zh: "启动时间") }
    package var adminDirectory: String { pick(en: "Data directory", zh: "数据目录") }
    package var adminDisk: String { pick(en: "Disk", zh: "磁盘") }
    package func adminDiskFree(_ free: String, _ total: String) -> String {
        pick(en: "\(free) free of \(total)", zh: "剩余 \(free)，共 \(total)")
    }
    package var adminDiskUnknown: String { pick(en: "Unknown", zh: "未知") }
    package var adminDatabase: String { pick(en: "Database", zh: "数据库") }
    package var adminMode: String { pick(en: "Upstreams", zh: "上游访问") }
    package var adminOffline: String { pick(en: "Offline: nothing is asked of upstreams", zh: "离线：不访问上游") }
    package var adminOnline: String { pick(en: "Online", zh: "在线") }
    package var adminChecks: String { pick(en: "Readiness", zh: "就绪检查") }
    package var adminCheck: String { pick(en: "Check", zh: "检查项") }
    package var adminWell: String { pick(en: "Well", zh: "正常") }
    package var adminFailing: String { pick(en: "Failing", zh: "异常") }
    package var adminQueue: String { pick(en: "Jobs", zh: "任务队列") }
    package func adminJobState(_ state: String) -> String {
        switch state {
        case "queued": pick(en: "Waiting", zh: "等待中")
        case "running": pick(en: "Running", zh: "运行中")
        case "paused": pick(en: "Paused", zh: "已暂停")
        case "succeeded", "done": pick(en: "Done", zh: "已完成")
        case "failed": pick(en: "Failed", zh: "失败")
        case "cancelled": pick(en: "Cancelled", zh: "已取消")
        default: state
        }
    }
    package var adminUpkeep: String { pick(en: "Upkeep", zh: "维护") }
    package var adminLastScrub: String { pick(en: "Last scrub", zh: "最近一次完整性校验") }
    package var adminLastCollection: String { pick(en: "Last garbage collection", zh: "最近一次垃圾回收") }
    package var adminLastBackup: String { pick(en: "Last backup", zh: "最近一次备份") }
    package var adminBackupNote: String {
        pick(
            en: "Not known here: backups are made beside the hub. See the manual, 'Operations'.",
            zh: "站点不记录：备份在站点之外进行，参见手册“Operations”。")
    }
    package var adminNotYet: String { pick(en: "Not yet", zh: "尚未进行") }
    package var adminMetrics: String { pick(en: "Metrics for Prometheus", zh: "Prometheus 指标") }
    package var adminReady: String { pick(en: "Readiness for probes", zh: "就绪探针") }
    package var adminAPI: String { pick(en: "Description of the API", zh: "API 描述文件") }
    package var adminLinks: String { pick(en: "For programs", zh: "供程序使用") }
}

/// Syncs, jobs and upstreams.
extension L10n {
    // MARK: Jobs

    package func jobState(_ state: JobView.State) -> String {
        switch state {
        case .queued: pick(en: "Waiting", zh: "等待中")
        case .running: pick(en: "Running", zh: "进行中")
        case .paused: pick(en: "Paused", zh: "已暂停")
        case .succeeded: pick(en: "Done", zh: "已完成")
        case .failed: pick(en: "Failed", zh: "失败")
        case .cancelled: pick(en: "Cancelled", zh: "已取消")
        }
    }
    package func jobAction(_ action: JobView.Action) -> String {
        switch action {
        case .pause: pick(en: "Pause", zh: "暂停")
        case .resume: pick(en: "Resume", zh: "继续")
        case .cancel: pick(en: "Cancel", zh: "取消")
        case .retry: pick(en: "Retry now", zh: "立即重试")
        }
    }
    package func jobActionOn(_ action: JobView.Action, _ title: String) -> String {
        switch action {
        case .pause: pick(en: "Pause \(title)", zh: "暂停 \(title)")
        case .resume: pick(en: "Resume \(title)", zh: "继续 \(title)")
        case .cancel: pick(en: "Cancel \(title)", zh: "取消 \(title)")
        case .retry: pick(en: "Retry \(title) now", zh: "立即重试 \(title)")
        }
    }
    package func jobAmount(_ done: String, of total: String) -> String {
        pick(en: "\(done) of \(total)", zh: "\(done) / \(total)")
    }
    package func jobFiles(_ done: Int64, of total: Int64) -> String {
        pick(en: "\(number(done)) of \(number(total)) files", zh: "\(number(done)) / \(number(total)) 个文件")
    }
    package func jobLeft(_ time: String) -> String { pick(en: "\(time) left", zh: "剩余 \(time)") }
    package func jobProgress(_ title: String) -> String { pick(en: "Progress of \(title)", zh: "\(title) 的进度") }
    package func jobFrom(_ upstream: String) -> String { pick(en: "from \(upstream)", zh: "来自 \(upstream)") }
    package func jobFailed(_ why: String) -> String { pick(en: "Failed: \(why)", zh: "失败原因：\(why)") }
    package func jobSomeFailed(_ count: Int64) -> String {
        pick(en: "Done, but \(number(count)) files could not be had", zh: "已完成，但有 \(number(count)) 个文件未能获取")
    }

    /// Why a job waits: what the hub says of it, in this language where the sentence is one of those it always says.
    package func jobWaits(_ reason: String?) -> String {
        guard let reason else {
            return pick(en: "Waits for a worker to be free", zh: "等待空闲的工作进程")
        }
        let (start, end) = ("Paused by ", " until it is resumed.")
        if reason == "Paused until it is resumed." {
            return pick(en: "Paused until somebody resumes it", zh: "已暂停，等待有人继续")
        }
        if reason.hasPrefix(start), reason.hasSuffix(end) {
            let who = String(reason.dropFirst(start.count).dropLast(end.count))
            return pick(en: "Paused by \(who) until somebody resumes it", zh: "已被 \(who) 暂停，等待有人继续")
        }
        if let (time, attempt, why) = Self.retry(reason) {
            return pick(en: "Tried again at \(time)\(attempt): \(why)", zh: "将于 \(time) 重试\(attempt)：\(why)")
        }
        return pick(en: "Why it waits: \(reason)", zh: "等待原因：\(reason)")
    }

    /// The parts of "Tried again at 2026-11-26T22:10:00Z (attempt 2 of 10): …".
    private static func retry(_ reason: String) -> (time: String, attempt: String, why: String)? {
        let start = "Tried again at "
        guard reason.hasPrefix(start), let end = reason.firstRange(of: ": ") else { return nil }
        let head = reason[reason.index(reason.startIndex, offsetBy: start.count)..<end.lowerBound]
        let parts = head.split(separator: " ", maxSplits: 1)
        guard let time = parts.first else { return nil }
        let numbers = parts.count == 2 ? parts[1].split { !$0.isNumber } : []
        let attempt = numbers.count == 2 ? " (\(numbers[0])/\(numbers[1]))" : ""
        let clock = time.prefix { $0 != "." }.replacing("T", with: " ").replacing("Z", with: "")
        return ("\(clock) UTC", attempt, String(reason[end.upperBound...]))
    }

    package func jobKind(_ kind: String) -> String {
        switch kind {
        case "sync": pick(en: "Sync of a repository", zh: "同步仓库")
        case "sync-plan", "sync-run": pick(en: "Plan of a mirror's run", zh: "规划镜像任务")
        case "bundle-export": pick(en: "Export of a bundle", zh: "导出离线包")
        case "bundle-import": pick(en: "Import of a bundle", zh: "导入离线包")
        case "scrub": pick(en: "Check of what is stored", zh: "校验存储内容")
        default: pick(en: "Job (\(kind))", zh: "任务（\(kind)）")
        }
    }
    package func jobPriority(_ word: String) -> String {
        switch word {
        case "urgent": pick(en: "urgent", zh: "紧急")
        case "high": pick(en: "high", zh: "高")
        case "low": pick(en: "low", zh: "低")
        default: pick(en: "normal", zh: "普通")
        }
    }
    package func jobFileState(_ state: String) -> String {
        switch state {
        case "waiting": pick(en: "Waiting", zh: "等待中")
        case "fetching": pick(en: "Fetching", zh: "获取中")
        case "done": pick(en: "Here", zh: "已就绪")
        default: pick(en: "Failed", zh: "失败")
        }
    }
    /// What happened to a job, from the word of the event.
    package func jobEvent(_ word: String) -> String {
        switch word {
        case "queued": pick(en: "Asked for", zh: "已提交")
        case "started": pick(en: "Started", zh: "已开始")
        case "resumed": pick(en: "Resumed", zh: "已继续")
        case "paused": pick(en: "Paused", zh: "已暂停")
        case "cancelled": pick(en: "Cancelled", zh: "已取消")
        case "retried": pick(en: "Retried", zh: "已重试")
        case "prioritised": pick(en: "Moved in the queue", zh: "已调整优先级")
        case "waiting": pick(en: "Waits", zh: "等待")
        case "released": pick(en: "Let go by its worker", zh: "已被工作进程释放")
        case "interrupted": pick(en: "Its process ended; it goes on", zh: "所在进程已结束，任务将继续")
        case "succeeded": pick(en: "Done", zh: "已完成")
        case "failed": pick(en: "Failed", zh: "失败")
        default: pick(en: "Event: \(word)", zh: "事件：\(word)")
        }
    }

    package var jobTitle: String { pick(en: "Job", zh: "任务") }
    package func jobNumber(_ id: Int64) -> String { pick(en: "Job \(id)", zh: "任务 \(id)") }
    package var jobNow: String { pick(en: "How far it is", zh: "当前进度") }
    package var jobFilesTitle: String { pick(en: "Files", zh: "文件") }
    package var jobLogTitle: String { pick(en: "What happened", zh: "运行记录") }
    package var jobFacts: String { pick(en: "About this job", zh: "任务信息") }
    package var jobLogEmpty: String { pick(en: "Nothing happened yet.", zh: "暂无记录。") }
    package var jobFilesEmpty: String {
        pick(en: "Which files it takes is not known yet.", zh: "尚不清楚需要哪些文件。")
    }
    package func jobFilesMore(_ shown: Int) -> String {
        pick(en: "The first \(number(shown)) files by name.", zh: "按名称显示前 \(number(shown)) 个文件。")
    }
    package var jobKindName: String { pick(en: "What it does", zh: "类型") }
    package var jobPriorityName: String { pick(en: "Priority", zh: "优先级") }
    package var jobRequestedBy: String { pick(en: "Asked for by", zh: "提交人") }
    package var jobAccount: String { pick(en: "On account of", zh: "归属账号") }
    package var jobMirror: String { pick(en: "Mirror", zh: "镜像") }
    package var jobUpstream: String { pick(en: "Upstream", zh: "上游") }
    package var jobAttempts: String { pick(en: "Attempts that failed", zh: "失败次数") }
    package var jobFetched: String { pick(en: "Fetched from upstream", zh: "从上游获取") }
    package var jobFilesDone: String { pick(en: "Files", zh: "文件数") }
    package var jobCreated: String { pick(en: "Asked for", zh: "提交时间") }
    package var jobStarted: String { pick(en: "Started", zh: "开始时间") }
    package var jobFinished: String { pick(en: "Ended", zh: "结束时间") }
    package var jobTook: String { pick(en: "Took", zh: "耗时") }
    package var syncFileName: String { pick(en: "File", zh: "文件") }
    package var jobFileSize: String { pick(en: "Size", zh: "大小") }
    package var stateName: String { pick(en: "State", zh: "状态") }
    package var toSync: String { pick(en: "All jobs", zh: "全部任务") }
    package var openRepository: String { pick(en: "Open the repository", zh: "打开仓库") }

    // MARK: The page of syncs

    package var syncTitle: String { pick(en: "Sync", zh: "同步") }
    package var syncNote: String {
        pick(
            en: "What is being fetched from upstreams, what waits and why.",
            zh: "正在从上游获取的内容、等待中的任务及其原因。")
    }
    package var syncFigures: String { pick(en: "How syncing stands", zh: "同步概况") }
    package var syncRunning: String { pick(en: "Running", zh: "进行中") }
    package var syncWaiting: String { pick(en: "Waiting", zh: "等待中") }
    package var syncPaused: String { pick(en: "Paused", zh: "已暂停") }
    package var syncFailed: String { pick(en: "Failed", zh: "失败") }
    package var syncEnded: String { pick(en: "Ended lately", zh: "最近结束") }
    package var syncThroughput: String { pick(en: "Last hour", zh: "最近一小时") }
    package func syncThroughputLabel(_ total: String, _ peak: String) -> String {
        pick(
            en: "\(total) fetched in the last hour, at most \(peak)",
            zh: "最近一小时获取 \(total)，峰值 \(peak)")
    }
    package func syncPausedToo(_ count: Int) -> String {
        pick(en: "\(number(count)) paused", zh: "\(number(count)) 个已暂停")
    }
    package var syncCap: String { pick(en: "unlimited", zh: "不限速") }
    package var syncNew: String { pick(en: "New sync", zh: "新建同步") }
    package var syncPauseAll: String { pick(en: "Pause all", zh: "全部暂停") }
    package var syncResumeAll: String { pick(en: "Resume all", zh: "全部继续") }
    package var syncNothingTitle: String { pick(en: "Nothing is running", zh: "当前没有任务") }
    package var syncNothing: String {
        pick(
            en: "Jobs appear here when a mirror's schedule is due or somebody asks for a repository.",
            zh: "镜像计划到期或有人请求同步仓库时，任务会显示在这里。")
    }
    package var syncOwnOnly: String {
        pick(
            en: "You see what you and your organisations asked for.", zh: "仅显示您和您所属组织提交的任务。")
    }
    package var syncMore: String { pick(en: "All of them", zh: "查看全部") }
    package func syncShown(_ state: JobView.State) -> String {
        pick(en: "Jobs: \(jobState(state))", zh: "任务：\(jobState(state))")
    }
    package var syncBack: String { pick(en: "Back to all jobs", zh: "返回全部任务") }
    package var syncUpstreams: String { pick(en: "Upstreams", zh: "上游") }

    // MARK: A new one

    package var syncNewNote: String {
        pick(
            en: "Look at the plan first: it tells what would come, what is held back and how long it takes.",
            zh: "建议先查看计划：其中列出将获取的内容、被拦截的内容以及预计耗时。")
    }
    package var syncRepository: String { pick(en: "Repository", zh: "仓库") }
    package var syncRepositoryHint: String {
        pick(en: "As in model:acme/demo; leave it empty for a whole mirror.", zh: "例如 model:acme/demo；同步整个镜像时留空。")
    }
    package var syncMirror: String { pick(en: "Mirror", zh: "镜像") }
    package var syncAnyMirror: String { pick(en: "The one that has the repository", zh: "自动选择") }
    package var syncRevision: String { pick(en: "Revision", zh: "版本") }
    package var syncRevisionHint: String {
        pick(en: "Branch, tag or commit; empty for what the rules say.", zh: "分支、标签或提交；留空则按规则。")
    }
    package var syncFiles: String { pick(en: "Only these files", zh: "仅同步这些文件") }
    package var syncFilesHint: String {
        pick(en: "Patterns such as *.safetensors, one a line.", zh: "匹配模式，如 *.safetensors，每行一个。")
    }
    package var syncPriority: String { pick(en: "Priority", zh: "优先级") }
    package var syncShowPlan: String { pick(en: "Show the plan", zh: "查看计划") }
    package var syncStart: String { pick(en: "Start", zh: "开始同步") }
    package var syncStarted: String { pick(en: "The sync was queued.", zh: "同步任务已加入队列。") }
    package var syncPlan: String { pick(en: "The plan", zh: "同步计划") }
    package func syncPlanSum(files: Int, size: String) -> String {
        pick(
            files, one: "1 file, \(size) to fetch", many: "\(number(files)) files, \(size) to fetch",
            zh: "需获取 \(number(files)) 个文件，共 \(size)")
    }
    package func syncPlanTime(_ time: String) -> String {
        pick(en: "about \(time) under the limits of the upstreams", zh: "按上游限速约需 \(time)")
    }
    package func syncVerdict(_ word: String) -> String {
        switch word {
        case "fetch": pick(en: "Fetched", zh: "将获取")
        case "skip": pick(en: "Left out", zh: "跳过")
        case "review": pick(en: "Held for review", zh: "待审批")
        default: pick(en: "Denied", zh: "已拦截")
        }
    }
    package var syncHere: String { pick(en: "here already", zh: "本地已有") }
    package var syncVerdictName: String { pick(en: "What becomes of it", zh: "处理结果") }
    package var syncWhy: String { pick(en: "Why", zh: "原因") }
    package func syncPlanFilesMore(_ count: Int) -> String {
        pick(count, one: "1 more file", many: "\(number(count)) more files", zh: "另有 \(number(count)) 个文件")
    }

    package func syncDone(_ word: String) -> String? {
        switch word {
        case "withdrawn": pick(en: "Withdrawn.", zh: "已撤回。")
        case "exporting": pick(en: "The bundle is being written.", zh: "正在生成离线包。")
        case "importing": pick(en: "The bundle is being read.", zh: "正在导入离线包。")
        case "reloaded": pick(en: "The policy files were read again.", zh: "策略文件已重新加载。")
        default: nil
        }
    }
}

/// Upstreams.
extension L10n {
    package func upstreamAnswers(_ time: String) -> String { pick(en: "Answers in \(time)", zh: "正常，\(time)") }
    package var upstreamUnasked: String { pick(en: "Not asked yet", zh: "尚未访问") }
    package var upstreamTrying: String { pick(en: "Being tried again", zh: "正在重新尝试") }
    package func upstreamResting(_ time: String) -> String {
        pick(en: "Does not answer, asked again in \(time)", zh: "无响应，\(time) 后重试")
    }
    package func upstreamLimited(_ time: String) -> String {
        pick(en: "Rate-limited for \(time)", zh: "被限流，剩余 \(time)")
    }
    package var upstreamsTitle: String { pick(en: "Upstreams", zh: "上游") }
    package var upstreamsNote: String {
        pick(en: "The hubs that mirrors fetch from, as the policy files name them.", zh: "策略文件中定义的镜像来源。")
    }
    package var upstreamsNoneTitle: String { pick(en: "No upstreams", zh: "没有上游") }
    package var upstreamsNone: String {
        pick(en: "This hub mirrors nothing: it was started without policy files.", zh: "此站点启动时未指定策略文件，不镜像任何内容。")
    }
    package var upstreamName: String { pick(en: "Name", zh: "名称") }
    package var upstreamType: String { pick(en: "Type", zh: "类型") }
    package var upstreamSignIn: String { pick(en: "Signed in by", zh: "认证方式") }
    package func upstreamAuthentication(_ way: UpstreamView.Authentication) -> String {
        switch way {
        case .none: pick(en: "nothing: asked anonymously", zh: "匿名访问")
        case .token: pick(en: "a token", zh: "令牌")
        case .password: pick(en: "a user and a password", zh: "用户名和密码")
        }
    }
    package var upstreamMirrors: String { pick(en: "Mirrors", zh: "使用它的镜像") }
    package var upstreamToday: String { pick(en: "Fetched today", zh: "今日获取") }
    package var upstreamFacts: String { pick(en: "What it is", zh: "基本信息") }
    package var upstreamBudget: String { pick(en: "What may still be asked of it", zh: "剩余额度") }
    package var upstreamAddress: String { pick(en: "Address", zh: "地址") }
    package var upstreamGit: String { pick(en: "Git", zh: "Git 地址") }
    package var upstreamDefinedAt: String { pick(en: "Written in", zh: "定义位置") }
    package var upstreamLastError: String { pick(en: "Last failure", zh: "最近错误") }
    package var upstreamNoError: String { pick(en: "none since the start", zh: "启动以来无错误") }
    package var upstreamBandwidth: String { pick(en: "Bandwidth now", zh: "当前带宽上限") }
    package var upstreamConnections: String { pick(en: "Connections at most", zh: "最大连接数") }
    package var upstreamUnlimited: String { pick(en: "unlimited", zh: "不限") }
    package func upstreamLeft(_ left: String, of whole: String) -> String {
        pick(en: "\(left) of \(whole) left", zh: "剩余 \(left) / \(whole)")
    }
    package func upstreamLeft(_ left: String) -> String { pick(en: "\(left) left", zh: "剩余 \(left)") }
    package var budgetAPI: String { pick(en: "Requests for descriptions, 5 min", zh: "元数据请求（5 分钟）") }
    package var budgetResolve: String { pick(en: "Requests for content, 5 min", zh: "内容请求（5 分钟）") }
    package var budgetBytes: String { pick(en: "Bytes today", zh: "今日流量") }
    package func budgetRemote(_ kind: String) -> String {
        pick(en: "Told by the upstream (\(kind))", zh: "上游告知的额度（\(kind)）")
    }
    package var upstreamTest: String { pick(en: "Test the connection", zh: "测试连接") }
    package var upstreamTested: String { pick(en: "What the test found", zh: "测试结果") }
    package var stepPassed: String { pick(en: "Works", zh: "正常") }
    package var stepFailed: String { pick(en: "Fails", zh: "失败") }
    package var stepSkipped: String { pick(en: "Left out", zh: "跳过") }
    package func step(_ kind: UpstreamPage.Step.Kind) -> String {
        switch kind {
        case .name: pick(en: "Its name is found", zh: "域名解析")
        case .connection: pick(en: "It is reached, safely", zh: "建立连接（TLS）")
        case .signIn: pick(en: "It knows us", zh: "身份认证")
        case .list: pick(en: "It lists what it has", zh: "列出内容")
        }
    }
    package func stepFound(_ address: String) -> String { pick(en: "\(address) has an address", zh: "\(address) 可解析") }
    package func stepStatus(_ status: Int) -> String {
        pick(en: "answered with status \(status)", zh: "返回状态码 \(status)")
    }
    package var stepAnonymous: String { pick(en: "no credentials are set", zh: "未配置凭据") }
    package func stepListed(_ count: Int) -> String {
        pick(
            count, one: "1 repository on the first page", many: "\(count) repositories on the first page",
            zh: "首页列出 \(count) 个仓库")
    }
    package var stepKnown: String { pick(en: "our credentials are taken", zh: "凭据有效") }
    package var stepNoList: String { pick(en: "this type of upstream has no list", zh: "此类上游不提供列表") }
    package var stepNotReached: String { pick(en: "not tried, as an earlier step failed", zh: "前一步失败，未执行") }
    package func milliseconds(_ count: Int64) -> String { pick(en: "\(count) ms", zh: "\(count) 毫秒") }
}

/**
 * What customers say for the same thing: the knowledge base counts a concept beside the word itself, in question and article alike.
 * An entry is a word, or two words that stand together when articles and pronouns are left out: "send it back" is "send back".
 */
import { stemOf } from "./stemmer.ts";
import { type Trie, trieOf } from "./trie.ts";

const ENGLISH: readonly string[] = [
  // Delivery
  "late, where order, where parcel, where package, where delivery, nothing arrive, should arrive, still not, long time, meant to, when arrive, arrive, take long, any news, delay, overdue, not turn, keep push, wait, promised, estimated, expected, turn up, no sign, not arrive, not come, not here, not show, take forever, push back, deadline, due",
  "lost, lose, vanish, disappear, astray, untraceable, not find, not locate, stuck, nobody knows, misplace, whereabouts",
  "parcel, package, shipment, delivery, courier, carrier, ship, dispatch, tracking, track, depot, hub, transit, dhl, ups, fedex, postman",
  "door, mark deliver, mark receive, say deliver, say receive, show deliver, not receive, never got, never receive, never get, nothing there, doorstep, porch, neighbour, neighbor, mailbox, letterbox, locker, concierge, reception, signature, hand over, garage, nobody came, bell, drop at",
  "steal, stolen, theft, thief, rob, nick, swipe",
  "address, house number, deliver to, vacation, away, ship to, street, road, avenue, postcode, zip, flat, apartment, move house, new place, relocate, redirect, moving, moved, old home",
  // What lies in the box
  "broke, broken, crack, shatter, smash, dent, scratch, crush, tear, torn, bend, bent, leak, burst, spill, soak, wet, in piece, damage, chip, rip, squash",
  "box, carton, packaging, wrap, padding, cardboard, unpack, unbox, open box",
  "wrong, complete different, else entirely, wrong colour, wrong color, wrong model, incorrect, mix up, swap, instead, different, not mine, not my, somebody else, not order, sent me, another",
  "missing, incomplete, lack, absent, leave out, left out, only two, only three, only one, not in, without, supposed to, not inside, forgot to",
  "screw, cable, part, piece, accessory, lid, sauce, drink, set",
  // After the purchase
  "return, return policy, not match, give them back, exchange it, send back, sent back, bring back, give back, take back, hand back, not want, not like, dislike, hate, change mind, regret, not suit, drop off",
  "refund, when pay, when money, return money, reimbursed, reimburse, reimbursement, money, money back, credit, repay, paid back, pay back, seen my, not seen",
  "bank, statement, account statement, transfer, transaction",
  "fit, tight, loose, small, size, waist, sleeve, pinch, run small, run large, measure, narrow, too big, too small, too long, too short, chest, hip, inch",
  "warranty, noise, rattle, grind, month old, year old, die, stop charge, malfunction, guarantee, repair, fix, mend, workshop, stop working, not work, no longer work, defect, faulty, fault, not turn, wear",
  // Money
  "card, visa, mastercard, checkout, amex, paypal, pay with",
  "decline, reject, refuse, fail, not authorise, not authorize, not go, not accept, deny, payment fail, not approve",
  "twice, double, duplicate, identical, two times, second time, same amount, same day",
  "charge, bill, identical payment, two payment, same payment, never bought, not buy, not recognise, not recognize, unknown charge, debit, withdraw, deduct, bill, withdrawal, from account, overcharge",
  "invoice, receipt, vat, tax, accountant, expense, employer, boss, proper bill, accounting",
  "coupon, voucher, promo, promotion, discount, not valid, invalid",
  "invalid, not valid, expire, not apply, not applicable, nothing off, not do, no effect",
  "price, cost go, price go, go up, went up, raise, price increase, less than, went on, on sale, cheap, cheaper, sale, difference, expensive, reduce, sell for, selling it, now sell, dearer, half price, full price, pay more, price drop, cost less",
  // Order, plan, account
  "cancel, call off, order accident, order mistake, accidentally, no longer need, not need, undo, click buy, tap buy, too soon, same thing, please drop, not ship",
  "subscription, subscribe, membership, plan, trial, renewal, renew, premium, monthly, yearly, billed me, never use",
  "delete, remove, data remove, my data, copy data, data copy, information, store about, erase, wipe, close account, close my, permanently, forget me, everything you, for good",
  "account, profile",
  "password, passphrase, not remember, forgot, credential, remember",
  "log in, login, sign in, log into, log on, sign into, signin",
  "code, sms, otp, digit, verification, verify, one time, authenticator, six digit",
  "not receive, not get, never get, never come, never got, not receiving, not reach",
  "hack, somebody, someone, stranger, fraud, fraudulent, hijack, breach, compromise, somebody log, someone log, strange, suspicious, not place, took over, bought with, my credit, intruder",
  "lock, block, suspend, ban, freeze, disable, restrict",
  "new number, phone number, mobile number, sim, number in, old number, my number",
  "e mail, email, mailbox, inbox",
  "update it, change my, alter, correct",
  // App
  "crash, quit, shut down, close itself, close by, white screen, black screen, freeze, kick me, throw me, force close, home screen, unfortunately stop",
  "app, application, program",
  "slow, lag, load, sluggish, stutter, spinner, buffer, age, eternity, crawl, half minute",
  "sync, synchronise, synchronisation, out of date, not on, not show, not appear, on laptop, on tablet, wrote on, differ",
  "tablet, laptop, computer, pc, watch, ipad, mac",
  "note, photo, playlist, step, entry, entries, document",
  "notification, alert, reminder, banner, sound, badge, push, buzz, ping, vibrate, beep, ring, mute",
  "night, midnight, 3am, quiet, sleep",
  "update, upgrade, version, install, installation, firmware, compatible, download",
  "new phone, new iphone, new laptop, new tablet, new device, new tv, new computer, old phone, another device",
  "stock, sold out, unavailable, restock, available, available again, back in, sell out, greyed out",
  // Safety
  "ill, sick, vomit, throw up, threw up, diarrhoea, diarrhea, cramp, fever, nausea, poison, stomach, unwell",
  "food, meal, meat, chicken, fish, salad, yogurt, yoghurt, pizza, burger, soup, rice, sandwich, cheese, bread, sausage, cake, eat, ate, dish, dinner, kitchen, restaurant",
  "mould, mold, mouldy, moldy, rotten, sour, gone off, spoil, stale, raw, undercooked, rancid, supposed be, smell bad, past date, best before, good until",
  "hair, insect, glass, metal, bug, worm, foreign, stone",
  "allergy, allergic, allergen, nut, peanut, cashew, almond, hazelnut, gluten, lactose, coeliac, celiac, vegan, halal, kosher, ingredient, intolerant, contain, trace",
  "injury, injure, hurt, cut, burn, bruise, fall, fell, collapse, explode, wrist, arm, leg, finger, bone, hospital, bleed, blood, gave way, ladder, chair, broke my, electric",
  "recall, fire, hazard, catch fire, dangerous, safety",
  // People and places
  "rude, impolite, shout, yell, insult, swear, swore, scream, ignore, laugh, mock, roll eyes, hang up, hung up, threaten, discriminate, attitude, disrespectful, unfriendly, in front",
  "staff, employee, cashier, waiter, waitress, driver, technician, agent, saleswoman, salesman, clerk, counter, assistant, guy, manager, colleague",
  "open on, open at, are open, opening, opening time, nearest, closest, close store, branch, parking, park, locate, hour, sunday, saturday, holiday, easter, christmas, what time, when open, weekend, close at",
  "gift card, gift voucher, gift certificate, scratch off, not read, unreadable",
  "point, star, stamp, mile, reward, tier, gold, loyalty, member card, bonus, single point",
  "newsletter, ad, advert, advertise, advertising, marketing, spam, unsubscribe, promotional, mailing list, opt out, every day",
  "personal data, privacy, gdpr, personal detail",
  "third party, sell data, sell your, sell detail, other company, to other, pass on, share my, sell personal",
  // Devices
  "hot, heat, overheat, warm, burning",
  "battery, drain, swell, swollen, bulge, plug in, charger, run down",
  "wifi, wi fi, network, router, pair, connect, connection, offline, bluetooth, blink, flash, signal, internet",
  "camera, bulb, lamp, vacuum, speaker, printer, doorbell, thermostat, robot",
];

const CHINESE: readonly string[] = [
  "迟,早该到,到哪了,还没收到,什么时候能到,什么时候来,几天才到,拖,慢,晚,延误,超时,等了,还没到,没到,没来,说好,预计,逾期,催,什么时候到,不见到,一推再推,推迟,还在路上,怎么还",
  "丢了,丢失,遗失,弄丢,找不着,找不到,丢件,寄丢,不见了,下落,卡在,没有更新,不更新",
  "快递,包裹,物流,运输,配送,派送,运单,单号,中转,分拨,发货,圆通,顺丰,中通,韵达,京东物流,骑手,快件",
  "签收,送达,没拿到,显示收到,没收到,未收到,妥投,门口,家门,邻居,门卫,物业,驿站,快递柜,信箱,没人来,交给我,代收,在家",
  "偷,被盗,拿走,小偷",
  "地址,写错,填错,收货,改送,门牌,街道,楼栋,搬家,新家,住址,转寄,寄到,送到,老房子,旧址,房间号,改寄",
  "碎,裂,破,压扁,划伤,磕,瘪,变形,漏,湿,摔坏,损坏,爆了,压坏,踩,烂",
  "箱子,盒子,纸箱,包装,打开,拆开,开箱",
  "发错,寄错,错货,不是我,别人的,货不对,不一样,给我寄,给我发,另一种,换成了,发成",
  "少发,少了,里少,只收到,只来了,没见到,漏发,漏了,缺,不全,没有,只有,应该有,没给,没放,少一,赠品",
  "零件,螺丝,配件,酱料,数据线,饮料,套装",
  "退货,想退,不搭,不满意,退回,寄回,退掉,不想要,不喜欢,不合适,不要了,后悔,改变主意,能退,退换",
  "退款,退钱,退回去,见到钱,钱能,多少天,几天,到账,钱还,没见到钱,退了,回到卡,没收到钱,返还,钱回",
  "银行,账单,对账单,流水,转账",
  "尺码,身高,体重,公斤,什么码,小了,大了,大一号,小一号,太紧,太小,太大,太松,偏小,偏大,挤脚,尺寸,大一码,换码,腰,袖,胸围,号码大,码",
  "保修,嗡嗡,异响,噪音,才买,才用,罢工,维修,报修,修,坏了,不转,开不了机,失灵,故障,毛病,质保,不工作,过保,保修期",
  "卡,刷卡,信用卡,银行卡,结账,付款,支付,付不了,余额够,招行,建行,工行",
  "被拒,拒绝,失败,不让过,授权,不成功,付不了,交易",
  "重复,两次,两笔,多收,两遍,多扣,扣了两,又扣",
  "扣款,没买过,扣我,不认识,莫名,扣了,扣钱,划走,扣费,账户",
  "发票,票据,开票,抬头,税号,票上,开错,公司名,公司的名,报销,收据,做账,专票,普票,正规",
  "优惠,券,红包,折扣码,满减,优惠码,折券,打折券",
  "无效,用不了,不能用,没反应,不适用,没减,过期",
  "降价,差价,便宜,价保,价格,标价,半价,补差,全价,货架,收银,今天卖,贵",
  "取消,撤单,撤销,撤,手滑,手误,拍错,点错,误点,不需要,停掉,下错,多拍,拍了,还没发,去掉",
  "会员,订阅,套餐,试用,续费,自动续,包月,每月,每年,根本不用,不用了,会员费",
  "注销,删除,销户,清除,清掉,抹掉,永久,账户关,关于我,删掉",
  "账号,账户,帐号,我的号",
  "密码,忘记,忘了,想不起,记不得,记不住,不记得,重置,重设",
  "登录,登不,登陆,登入,登上",
  "验证码,安全码,申请,短信,动态码,六位,数字,校验码,动态密码,验证",
  "收不到,没收到,没来,一直没,不来,没有收",
  "被盗,盗号,异地,盗刷,可疑,登了我,有人,陌生,黑了,不是我下,花掉,用我的",
  "封,冻结,限制,锁定,解封,禁",
  "手机号,换号,新号码,换了号,号码,手机卡,停机",
  "邮箱,邮件",
  "修改,更换,改成,更新资料,换成,改为",
  "闪退,崩溃,崩,退出,白屏,黑屏,卡死,关掉,自己关,桌面,停止运行,跳回",
  "软件,应用,程序",
  "卡顿,卡得,太慢,加载,转圈,掉帧,缓冲,半天,半分钟,打不开,龟速,太卡,很卡",
  "同步,对不上,看不到,手机上没有,不一致,上没有,没同步",
  "平板,电脑,手表,手环",
  "笔记,照片,歌单,步数,清单,记录",
  "通知,提醒,弹窗,弹出,横幅,声音,推送,推优惠,推广告,震,红点,打扰,响,消息",
  "半夜,凌晨,夜里,夜间,免打扰",
  "更新,升级,新版,版本,装不上,安装,固件,不兼容,兼容,下载",
  "新手机,换手机,新的苹果,新设备,旧手机,新电脑,新平板,搬过去,弄上去,换了手机,新的手机",
  "缺货,没货,无货,补货,售罄,断货,库存,还会有,到货,卖完,卖光,停产,货架空",
  "吐,拉肚子,腹泻,肚子疼,发烧,恶心,吃坏,中毒,不舒服,闹肚子",
  "吃,食物,食品,外卖,鸡肉,鱼,沙拉,酸奶,披萨,汉堡,米饭,面包,餐,菜,肉,牛奶",
  "发霉,酸了,坏掉,长毛,变质,发酸,馊,臭,没熟,胀袋,保质期,过期,霉",
  "异物,头发,虫,玻璃,塑料,金属,吃出",
  "过敏,坚果,花生,腰果,杏仁,麸质,乳糖,配料,成分,不能吃,含,素食,清真,乳糜泻,小麦",
  "受伤,电了,被电,电到,漏电,夹,扎,割,烫伤,触电,砸,摔,骨折,爆炸,塌,断裂,流血,梯子,椅子,手腕,伤人,划破,医院",
  "召回,着火,起火,安全,隐患",
  "态度,没礼貌,吼,骂,辱骂,嘲笑,翻白眼,白眼,不理,歧视,威胁,恶劣,看不起,凶,挂电话",
  "店员,员工,收银员,服务员,售货员,小哥,师傅,客服,柜台,经理,营业员",
  "营业,开门,关门,几点,周日,星期天,星期六,节假日,过节,春节,清明,国庆,开不开,上班",
  "礼品卡,购物卡,礼物卡,刮开,涂层,看不清",
  "积分,星星,印章,里程,等级,金卡,银卡,会员卡,积,奖励",
  "广告,推广,退订,营销,推销,骚扰,名单,订过,订阅邮件",
  "个人信息,隐私,个人资料",
  "泄露,别的公司,出卖,第三方,给别的,转给,共享,卖个人",
  "烫,发热,发烫,过热,焦",
  "电池,耗电,没电,充电,充不进,鼓包,胀,插着电,续航,鼓",
  "无线,断网,断线,连网,连不,wifi,网络,路由器,配对,离线,掉线,连不上,配网,红灯,连接,蓝牙,信号",
  "摄像头,灯泡,扫地机,音箱,打印机,门铃,插座,灯",
];

/** Numbers of the concepts that a term stands for. */
export type Concepts = readonly number[];

/** Terms with their concepts, numbered from `first` on. */
const conceptsOf = (
  groups: readonly string[],
  first: number,
  termOf: (entry: string) => string,
): ReadonlyMap<string, Concepts> => {
  const concepts = new Map<string, number[]>();
  for (const [index, group] of groups.entries())
    for (const entry of new Set(group.split(",").map((part) => termOf(part.trim())))) {
      const known = concepts.get(entry) ?? [];
      known.push(first + index);
      concepts.set(entry, known);
    }
  return concepts;
};

/** Concepts of one stem, and of two in a row: by the first, then by the second. */
export interface EnglishConcepts {
  readonly stems: ReadonlyMap<string, Concepts>;
  readonly pairs: ReadonlyMap<string, ReadonlyMap<string, Concepts>>;
}

const englishOf = (): EnglishConcepts => {
  const stems = new Map<string, Concepts>();
  const pairs = new Map<string, Map<string, Concepts>>();
  const all = conceptsOf(ENGLISH, 0, (entry) => entry.split(" ").map(stemOf).join(" "));
  for (const [term, concepts] of all) {
    const [stem = "", second] = term.split(" ");
    if (second === undefined) stems.set(stem, concepts);
    else pairs.set(stem, (pairs.get(stem) ?? new Map()).set(second, concepts));
  }
  return { stems, pairs };
};

let english: EnglishConcepts | undefined;
let chinese: Trie<Concepts> | undefined;

/** Both are built when the first article is looked for. */
export const englishConcepts = (): EnglishConcepts => (english ??= englishOf());
export const chineseConcepts = (): Trie<Concepts> =>
  (chinese ??= trieOf(conceptsOf(CHINESE, ENGLISH.length, (entry) => entry)));

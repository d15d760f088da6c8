/**
 * Postal addresses as Chinese writes them, from the large to the small: province, city, district, street and number, building, room.
 * The anchor is a named street or estate with a number after it; "三号楼的电梯" names neither and stays.
 */
import { digitRuns, readAt } from "./found-value.ts";
import type { Finding } from "./numbers.ts";

const NUMBER = String.raw`(?:[甲乙丙丁]?\d{1,5}|[a-z]\d?|[一二三四五六七八九十百零〇]{1,6})`;
/** 3号线, 2号桌, 1号门: numbered, but nobody lives there. */
const NOT_HOMES =
  "(?![线厅桌口窗柜机台店仓坪球泳馆车充梯登技公出入航]|电梯|包间|包厢|门|左右|之?前|以前|之?后|上午|下午|早|晚|那天|收|发货|到货|送)";
const STREETS = "路|街|道|巷|弄|胡同|里|村|邨|坊|屯|庄";
const ESTATES =
  "小区|花园|家园|公寓|大厦|广场|中心|宿舍|公馆|苑|园|城|湾|庭|府|轩|寓|院|楼盘|新村|佳苑|嘉园";
const ANCHOR = new RegExp(
  String.raw`(?:(${STREETS})(?:[东南西北中]?[一二三四五六七八九十\d]{0,2}段|[东南西北中]段?)?|(${ESTATES})(?:[东南西北中一二三四五六七八九十a-z\d]{1,2}[区期])?)(?:${NUMBER}巷|${NUMBER}组|${NUMBER}弄)?(?:${NUMBER}(?:号楼|号院|号${NOT_HOMES}|弄|栋|幢|座)|\d{1,3}-\d{1,3}(?:-\d{1,4}(?!\d)|号))`,
  "gu",
);

/** Building, unit, storey, room; a house in between: 10号创例大厦B座1203. */
const PART = new RegExp(
  String.raw`(?:院|附)?(?:(?:${NUMBER}|[a-z]\d{0,4})(?:号楼|号院|号门|号|栋|幢|座|单元|室|楼|层|门|组|户|弄|房|区|期)|[-之#]\d{1,5}(?:号|室)?|\d{1,3}(?:-\d{1,4}){1,3}(?!\d)|\d{1,4}[a-z]?(?![a-z\d.%:年月元块折点分]|-\d)|[甲乙丙丁](?!\p{Script=Han})|[a-z]座|\p{Script=Han}{2,8}?(?:小区|花园|家园|公寓|大厦|广场|中心|宿舍|苑|城|园)(?=[a-z\d]))`,
  "uy",
);
const PARTS_MAX = 8;

const HEAD = /[\p{Script=Han}·()]{1,30}$/u;
/** What stands before an address in its sentence; the last one counts. */
const LEADS =
  /(?:改成|换成|变成|改为|换为|变为|改寄|改送|位于|搬去|寄去|送去|寄往|送往|发往|应该来|要来|来到|不是|还是|就是|应该是|家里是|址是|址为|去了|地址|公司|单位|[在到至给住寄送]|从(?!化)|和(?!平|顺|县|田|谐|睦|美|信|兴|风|悦|泰)|跟|去)(?:了|的是|的)?/gu;
const PRONOUNS = /^(?:我们家|我家里?|他家|她家|老家|我们|你们|咱们?|我的?|是)/u;
const PROVINCE =
  /(?:中国)?(?:北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门|台北|新北|高雄|台中)(?:市|省|县|区|维|壮|回|自|特|九|新|港|\p{Script=Han}{2,6}[市区县])/u;
const DIVISION = /^.{0,20}(?:省|自治区|市|区|县|镇|乡|街道|旗|盟)(?=.)/u;

/** Names that are no names: 这条路, 我们小区, 城里, 频道. */
const NO_STREET =
  /^[一二两三四几这那哪每某本该整各]?[条个家层座栋]?$|[一二两三四几这那哪每某][条个家层座栋]$|(?:这|那|哪|线|电|公|铁|走|迷|半|赶|顺|同|逛|频|通|跑|赛|渠|轨|管|隧|报|知|味|车|水|巡|网|一条|马|套)$/u;
const NO_ESTATE =
  /^(?:.{0,6}(?:这个|那个|我们|你们|他们|咱们|整个|隔壁|本|该|我|各|每个|一个|旁边的|的))?$/u;
const NO_WITHIN =
  /(?:场|区|店|城|厂|院|园|校|车|屋|楼|房|心|家|夜|公|厘|英|海|月|年|天|周|村|镇|乡|县|省|国|话|群|箱|袋|包|盒|柜|库|哪|这|那|市|嘴|手|心|千)$/u;

const headOf = (text: string, anchor: number): number => {
  const head = HEAD.exec(text.slice(Math.max(0, anchor - 30), anchor))?.[0] ?? "";
  let cut = 0;
  for (const lead of head.matchAll(LEADS)) cut = lead.index + lead[0].length;
  const rest = head.slice(cut);
  const region = PROVINCE.exec(rest)?.index ?? 0;
  const spoken = region > 0 ? region : (PRONOUNS.exec(rest)?.[0].length ?? 0);
  return anchor - rest.length + spoken;
};

const namesPlace = (name: string, street: string | undefined): boolean => {
  if (street === undefined) return !NO_ESTATE.test(name);
  if (name === "" || NO_STREET.test(name)) return false;
  return street !== "里" || !NO_WITHIN.test(name);
};

const tailEnd = (text: string, at: number): number => {
  let to = at;
  for (let part = 0; part < PARTS_MAX; part += 1) {
    PART.lastIndex = to;
    if (!PART.test(text)) break;
    to = PART.lastIndex;
  }
  return to;
};

const NAME_MAX = 12;

/** A building and a room without a street: 3栋2单元501, 8号楼1203室. */
const ROOM =
  /(?<![\d\p{L}])\d{1,3}(?:号楼|栋|幢|座)(?:\d{1,2}单元(?:\d{3,4}(?:室|号)?(?!\d))|\d{1,2}(?:层|楼|门)\d{3,4}室?(?!\d)|[a-z]?\d{3,4}(?:室|房))/uy;
const POSTCODE = /邮(?:政)?编(?:码)?(?:是|为)?[ :]{0,2}(\d{6})(?!\d)/gu;

const placeOf = (text: string, match: RegExpExecArray, free: number): Finding | null => {
  const from = Math.max(free, headOf(text, match.index));
  const head = text.slice(from, match.index);
  const name = head.slice(DIVISION.exec(head)?.[0].length ?? 0);
  if (name.length > NAME_MAX || !namesPlace(name, match[1])) return null;
  return { kind: "address", from, to: tailEnd(text, match.index + match[0].length) };
};

/** Chinese addresses and announced postcodes in no particular order. Linear time: heads and tails are bounded. */
export const findChineseAddresses = (text: string): readonly Finding[] => {
  const found: Finding[] = [];
  let free = 0;
  for (const match of text.matchAll(ANCHOR)) {
    if (match.index < free) continue;
    const place = placeOf(text, match, free);
    if (place === null) continue;
    found.push(place);
    free = place.to;
  }
  found.push(
    ...readAt({ text, starts: digitRuns(text) }, ROOM, ({ index, 0: room }): Finding => ({
      kind: "address",
      from: index,
      to: index + room.length,
    })),
  );
  if (text.includes("编"))
    for (const match of text.matchAll(POSTCODE)) {
      const to = match.index + match[0].length;
      found.push({ kind: "address", from: to - 6, to });
    }
  return found;
};

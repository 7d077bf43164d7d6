<?php
// `php fill.php SITE`: a new WordPress with the content of PEER_CONTENT. Says, as JSON, where each
// measured page stands.
$_SERVER['HTTP_HOST']       = 'testserver';
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
$_SERVER['REQUEST_METHOD']  = 'GET';
define( 'WP_INSTALLING', true );
$content = json_decode( file_get_contents( getenv( 'PEER_CONTENT' ) ), true );
require $argv[1] . '/wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';

function wp_mail() {
	return true;
}
ob_start();
wp_install( $content['name'], 'author', 'author@example.org', true, '', 'not-a-secret-here' );
wp_set_current_user( 1 );
kses_remove_filters();
foreach ( get_posts( array( 'post_type' => array( 'post', 'page' ), 'post_status' => 'any', 'numberposts' => -1 ) ) as $old ) {
	wp_delete_post( $old->ID, true );
}
$options = array(
	'blogdescription' => $content['tagline'], 'permalink_structure' => '/%postname%/',
	'template' => 'bare', 'stylesheet' => 'bare', 'page_comments' => 0, 'thread_comments' => 1,
	'thread_comments_depth' => 5, 'posts_per_page' => 5, 'show_avatars' => 0, 'comment_order' => 'asc',
	'peer_introduction' => $content['introduction'], 'peer_disclaimer' => $content['disclaimer'],
);
foreach ( $options as $name => $value ) {
	update_option( $name, $value );
}
remove_action( 'comment_post', 'wp_new_comment_notify_moderator' );
$made  = array( 0 => 0 );
$pages = $content['pages'];
usort( $pages, fn( $a, $b ) => $a['order'] <=> $b['order'] );
foreach ( $pages as $page ) {
	$number = wp_insert_post( wp_slash( array(
		'post_type' => $page['kind'], 'post_status' => 'publish', 'post_title' => $page['title'],
		'post_name' => $page['slug'], 'post_parent' => $made[ $page['parent'] ] ?? 0,
		'post_date' => $page['at'], 'post_excerpt' => $page['summary'], 'post_content' => $page['html'],
		'menu_order' => $page['order'], 'comment_status' => 'open', 'post_author' => 1,
	) ) );
	$made[ $page['id'] ] = $number;
	$said = array( 0 => 0 );
	foreach ( $page['comments'] as $comment ) {
		$said[ $comment['id'] ] = wp_insert_comment( wp_slash( array(
			'comment_post_ID' => $number, 'comment_author' => $comment['author'],
			'comment_author_email' => $comment['author_email'], 'comment_date' => $comment['date'],
			'comment_content' => $comment['content'], 'comment_approved' => 1,
			'comment_parent' => $said[ $comment['parent'] ] ?? 0,
		) ) );
	}
}
$wp_rewrite->init();
flush_rewrite_rules( false );
$found = array();
foreach ( $content['measured'] as $what => $page ) {
	$address = '/';
	foreach ( $content['pages'] as $each ) {
		if ( $each['slug'] === $page['slug'] && '' !== $page['slug'] ) {
			$address = str_replace( home_url(), '', get_permalink( $made[ $each['id'] ] ) );
		}
	}
	$found[ $what ] = array( 'address' => 'search' === $what ? '/?s=' . $content['searched'] : $address );
}
ob_end_clean();
echo json_encode( array( 'version' => $wp_version . ' on PHP ' . PHP_VERSION, 'pages' => $found ) );

<?php
add_theme_support( 'title-tag' );
add_theme_support( 'html5', array( 'comment-list' ) );
